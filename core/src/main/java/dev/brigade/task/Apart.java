package dev.brigade.task;

import dev.brigade.engine.EngineThread;
import dev.brigade.time.TimeSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Runs clean-up on another thread and waits for it through every interrupt. */
final class Apart<T> {
  private final TimeSource time = Frame.timeOf(Frame.current());
  private final Thread caller = Thread.currentThread();
  private volatile @Nullable Outcome<T> outcome;

  private Apart() {}

  static <T, X extends Exception> T shield(long budgetNanos, Work<T, X> work) throws X {
    Callable<T> carried = Context.carry(work);
    var apart = new Apart<T>();
    Thread thread =
        Thread.ofVirtual()
            .name("brigade-shield")
            .inheritInheritableThreadLocals(false)
            .unstarted(() -> apart.run(budgetNanos, carried));
    apart.time.taskForked();
    try {
      thread.start();
    } catch (Throwable t) {
      apart.time.taskLeft();
      throw t;
    }
    return apart.<X>await(thread);
  }

  private void run(long budgetNanos, Callable<T> work) {
    time.taskStarted();
    Outcome<T> ended;
    try {
      ended = new Outcome.Success<>(Tasks.<T, Exception>within(time, budgetNanos, work::call));
    } catch (Throwable t) {
      ended = new Outcome.Failed<>(t);
    }
    outcome = ended;
    time.unpark(caller);
    time.taskEnded();
  }

  private <X extends Exception> T await(Thread thread) throws X {
    EngineThread pooled = caller instanceof EngineThread e ? e : null;
    boolean flag = false;
    if (pooled != null) pooled.beforeBlocking();
    try {
      while (outcome == null) {
        time.park(this, TimeSource.NEVER);
        flag |= Thread.interrupted();
      }
    } finally {
      if (pooled != null) pooled.afterBlocking();
      flag |= join(thread);
    }
    if (flag) Thread.currentThread().interrupt();
    return switch (outcome) {
      case Outcome.Success<T>(T value) -> Null.result(value);
      case Outcome.Failed<T>(Throwable failure) -> throw Failures.<X>sneaky(failure);
      case Outcome.Cancelled<T>(CancelledException why) -> throw why;
      case null -> throw new IllegalStateException("ended without an outcome");
    };
  }

  private static boolean join(Thread thread) {
    boolean flag = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        flag = true;
      }
    }
    return flag;
  }

  @Override
  public String toString() {
    return "a shielded clean-up on another thread";
  }
}
