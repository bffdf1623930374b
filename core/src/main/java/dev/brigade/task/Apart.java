package dev.brigade.task;

import dev.brigade.time.TimeSource;

/** Runs clean-up on another thread and waits for it through every interrupt. */
final class Apart {
  private Apart() {}

  static <T, X extends Exception> T shield(long budgetNanos, Work<T, X> work) throws X {
    TimeSource time = Frame.timeOf(Frame.current());
    var result = new Result<T>();
    Thread apart =
        Thread.ofVirtual()
            .name("brigade-shield")
            .inheritInheritableThreadLocals(false)
            .start(() -> result.of(() -> Tasks.within(time, budgetNanos, work)));
    boolean flag = false;
    while (true) {
      try {
        apart.join();
        break;
      } catch (InterruptedException e) {
        flag = true;
      }
    }
    if (flag) Thread.currentThread().interrupt();
    return result.<X>get();
  }

  private static final class Result<T> {
    private Outcome<T> outcome = new Outcome.Failed<>(new IllegalStateException("did not run"));

    void of(Work<T, ?> work) {
      try {
        outcome = new Outcome.Success<>(work.call());
      } catch (Throwable t) {
        outcome = new Outcome.Failed<>(t);
      }
    }

    @SuppressWarnings("NullAway") // null is a legal result
    <X extends Exception> T get() throws X {
      if (outcome.failureOrNull() instanceof Throwable t) throw Failures.<X>sneaky(t);
      return outcome.orElse(null);
    }
  }
}
