package dev.brigade.examples;

import java.util.List;
import java.util.Optional;

/** The catalogue of the examples. */
public final class Examples {
  private static final List<Example> ALL =
      List.of(
          new Example(
              "gather",
              Theme.WAITING,
              "001, 003, 004",
              "Three tasks of 2, 1 and 3 units take 3 units together, not 6; results keep their order.",
              Gather::show));

  private Examples() {}

  /**
   * All of them, by theme.
   *
   * @return in the order in which they are listed
   */
  public static List<Example> all() {
    return ALL;
  }

  /**
   * One of them.
   *
   * @param name as in {@link Example#name}
   * @return the example, if there is one of that name
   */
  public static Optional<Example> find(String name) {
    return ALL.stream().filter(e -> e.name().equals(name)).findFirst();
  }

  /** Runs one on standard output, for the mains of the examples. */
  static void runHere(String name) throws Exception {
    find(name).orElseThrow().run(System.out);
  }
}
