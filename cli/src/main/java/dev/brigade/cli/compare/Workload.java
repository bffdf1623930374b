package dev.brigade.cli.compare;

import java.io.IOException;

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

  /** What an item needs, measured or known; asked after the first runs. */
  Demand demand() throws Exception;

  @Override
  default void close() throws IOException {}
}
