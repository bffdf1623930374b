package dev.brigade.process;

/** What people do: a pool in a static field, in a class that tasks use as well. */
final class OpensAPool {
  /** What came of it. */
  static final String SAID = open();

  private OpensAPool() {}

  private static String open() {
    try (ProcessPool pool = ProcessPool.open(1)) {
      return pool.toString();
    } catch (IllegalStateException e) {
      return "refused: " + e.getMessage();
    }
  }
}
