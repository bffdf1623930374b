package dev.brigade.task;

import java.util.concurrent.Callable;

/** Code on a platform thread of its own, which a test can interrupt and then look at. */
public final class Caller<T> {
  private final Thread thread;
  private Outcome<T> outcome;
  private boolean flagLeft;

  private Caller(Callable<T> body) {
    thread =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                outcome = new Outcome.Success<>(body.call());
              } catch (Throwable t) {
                outcome = new Outcome.Failed<>(t);
              }
              flagLeft = Thread.interrupted();
            });
  }

  /** Starts it. */
  public static <T> Caller<T> start(Callable<T> body) {
    return new Caller<>(body);
  }

  /** Interrupts it from outside. */
  public void interrupt() {
    thread.interrupt();
  }

  /** Its thread. */
  public Thread thread() {
    return thread;
  }

  /** Waits for its end. */
  public Outcome<T> outcome() throws InterruptedException {
    thread.join();
    return outcome;
  }

  /** Waits for its end, which must be an exception. */
  public Throwable failure() throws InterruptedException {
    Throwable t = outcome().failureOrNull();
    if (t == null) throw new AssertionError("ended normally: " + outcome);
    return t;
  }

  /** Waits for its end, and tells whether the interrupt flag was then set. */
  public boolean flagLeft() throws InterruptedException {
    thread.join();
    return flagLeft;
  }
}
