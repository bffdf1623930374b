package dev.brigade.bench;

/**
 * One library doing the operation of a case, in a loop of its own: each side has its own class and
 * loop, so that the compiler's profile of one does not steer the code of another.
 */
public interface Side extends AutoCloseable {
  /**
   * Does the operation that many times. Returns something that depends on every result, so that
   * none can be left out.
   */
  long run(int operations) throws Exception;

  /** Runs untimed before each timed run. */
  default void before() throws Exception {}

  /** Runs untimed after each timed run. */
  default void after() throws Exception {}

  /** What is worth knowing about this side beside its figures; empty for nothing. */
  default String note() {
    return "";
  }

  @Override
  default void close() {}
}
