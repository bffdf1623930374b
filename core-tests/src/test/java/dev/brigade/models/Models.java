package dev.brigade.models;

import org.jetbrains.lincheck.Lincheck;

/**
 * Runs a small program under the interleavings of its platform threads. The model checker follows
 * the library's real classes, park and unpark, monitors, threads and their joins. It does not
 * follow interrupts: they are sent to a {@link #victim} here, and the real ones are left to the
 * stress tests.
 */
public final class Models {
  /** A program with threads of its own. */
  @FunctionalInterface
  public interface Program {
    /** Runs once from start to end; what it throws is what the model checker reports. */
    void run() throws Exception;
  }

  private Models() {}

  /** How many interleavings are tried: a few in every build, many by {@code check-models}. */
  public static int interleavings() {
    return Integer.getInteger("brigade.interleavings", 60);
  }

  /** Runs the program until all interleavings, or as many as asked for, have been tried. */
  public static void check(Program program) {
    Lincheck.runConcurrentTest(
        interleavings(),
        () -> {
          try {
            program.run();
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
  }

  /**
   * A thread that never runs and stands for the one that is to be interrupted: its flag is a plain
   * variable that the model checker can follow.
   */
  public static Thread victim() {
    return new Thread(() -> {});
  }

  /** Fails the program unless the condition holds. */
  public static void expect(boolean condition, String what) {
    if (!condition) throw new AssertionError(what);
  }
}
