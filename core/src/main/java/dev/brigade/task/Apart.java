package dev.brigade.task;

import dev.brigade.time.TimeSource;
import org.jspecify.annotations.Nullable;

/** Runs clean-up on another thread and waits for it through every interrupt. */
final class Apart<T> {
  private final TimeSource time = Frame.timeOf(Frame.current());
  private final Thread caller = Thread.currentThread();
  private volatile @Nullable Outcome<T> outcome;

  private Apart() {}

  static <T, X extends Exception> T shield(long budgetNanos, Work<T, X> work) throws X {
    var apart = new Apart<T>();
    Thread thread =
        Thread.ofVirtual()
            .name("brigade-shield")
            .inheritInheritableThreadLocals(false)
            .unstarted(() -> apart.run(budgetNanos, work));
    apart.time.taskForked();
    try {
      thread.start();
    } catch (Throwable t) {
      apart.time.taskLeft();
      throw t;
    }
    return apart.<X>await(thread);
  }

  private void run(long budgetNanos, Work<T, ?> work) {
    time.taskStarted();
    Outcome<T> ended;
    try {
      ended = new Outcome.Success<>(Tasks.within(time, budgetNanos, work));
    } catch (Throwable t) {
      ended = new Outcome.Failed<>(t);
    }
    outcome = ended;
    time.unpark(caller);
    time.taskEnded();
  }

  private <X extends Exception> T await(Thread thread) throws X {
    boolean flag = false;
    while (outcome == null) {
      time.park(this, TimeSource.NEVER);
      flag |= Thread.interrupted();
    }
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        flag = true;
      }
    }
    if (flag) Thread.currentThread().interrupt();
    return switch (outcome) {
      case Outcome.Success<T>(T value) -> Null.result(value);
      case Outcome.Failed<T>(Throwable failure) -> throw Failures.<X>sneaky(failure);
      case Outcome.Cancelled<T>(CancelledException why) -> throw why;
      case null -> throw new IllegalStateException("ended without an outcome");
    };
  }

  @Override
  public String toString() {
    return "a shielded clean-up on another thread";
  }
}
