package dev.brigade.bench;

import java.util.function.Consumer;

/** One name of {@code ./bench}: knows its cases, runs them and hands over their rows. */
public interface Bench {
  String name();

  /** One line for the list. */
  String about();

  /** Runs every case. A case's rows are handed over as soon as it is done. */
  void run(Plan plan, Consumer<Row> out) throws Exception;
}
