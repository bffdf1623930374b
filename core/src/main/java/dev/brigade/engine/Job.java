package dev.brigade.engine;

import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An engine's side of one task. An engine that shares the JVM calls {@link #run} on a thread of its
 * own, once, and has nothing else to do. One that carries the work elsewhere takes {@link #work},
 * announces with {@link #tryStart} that it now runs, and reports with {@link #succeed} or {@link
 * #fail}.
 *
 * <p>Every method may be called from any thread. A task ends once: of several reports the first
 * counts and the others are ignored.
 */
public interface Job extends Runnable {

  /**
   * Runs the task on the current thread and reports its end; never throws. Returns at once if the
   * task was cancelled before, is running, or has ended.
   */
  @Override
  void run();

  /** What to run. It can be serialised if all that it holds can. */
  Callable<?> work();

  /**
   * Claims the start of the task for an engine that runs it elsewhere.
   *
   * @return false if it must not run, because it was cancelled before
   */
  boolean tryStart();

  /**
   * Registers what to do when the running task is to be cancelled; called at most once, with the
   * reason, and at once if that was before.
   */
  void onCancel(Consumer<? super String> action);

  /** Reports that the work returned, possibly null. */
  void succeed(@Nullable Object value);

  /** Reports that the work threw, or that the engine lost it. */
  void fail(Throwable failure);
}
