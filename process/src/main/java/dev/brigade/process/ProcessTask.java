package dev.brigade.process;

import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One task of a pool, from its submission to its end.
 *
 * <p>Cancelling one that waits takes it out of the queue. Cancelling one that runs interrupts it in
 * its worker, and kills the worker if it has not ended after the grace; the future itself is
 * cancelled at once, as the contract of {@link Future} asks.
 *
 * @param <T> the result
 */
public interface ProcessTask<T> extends Future<T> {
  /** The process that runs or ran it, or -1 if it has not been given to one. */
  long pid();

  /**
   * What it last said of how far it is, or null. It comes by another way than the result: what a
   * task says just before its end may be missed.
   */
  @Nullable Progress progress();
}
