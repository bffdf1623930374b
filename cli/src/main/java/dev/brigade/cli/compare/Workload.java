package dev.brigade.cli.compare;

import dev.brigade.task.VoidFn;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Items of work that can be run in any order, at once, and again. Closing it cleans up. */
public interface Workload extends AutoCloseable {

  /** One word. */
  String kind();

  /** What it does, with its numbers: a part of a sentence. */
  String what();

  /** How many items there are. */
  int size();

  /** How many of them may run at once where the way of running sets no bound of its own. */
  int limit();

  /** Runs one item, on the current thread. */
  void run(int item) throws Exception;

  /**
   * What is done with an item, in a form that can be sent to another process; null if it can't, or
   * if nobody would want to.
   */
  default @Nullable VoidFn<Integer, ?> travelling() {
    return null;
  }

  /** How many seconds all items run so far have computed together, where the work can tell. */
  default double computedSeconds() {
    return 0;
  }

  /**
   * What an item needs, known or measured; asked after the runs.
   *
   * @param seconds that all sequential runs took
   * @param computed the part of it by {@link #computedSeconds}
   */
  Demand demand(double seconds, double computed) throws Exception;

  @Override
  default void close() throws IOException {}
}
