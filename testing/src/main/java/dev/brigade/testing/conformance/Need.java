package dev.brigade.testing.conformance;

import dev.brigade.engine.Traits;

/** What an engine must be for a clause to apply to it. */
public enum Need {
  /** Shut down by its owner. */
  OWNED,
  /** Everybody's. */
  SHARED,
  /** Tasks run in this JVM. */
  SHARES_JVM,
  /** Tasks run elsewhere, on copies. */
  ELSEWHERE,
  /** Several items of a map travel to it at a time. */
  BATCHES,
  /** Tasks beyond a number wait in a queue. */
  BOUNDED,
  /** At least two tasks run at once. */
  TWO_AT_ONCE,
  /** At least three tasks run at once. */
  THREE_AT_ONCE,
  /** Cancelling a running task interrupts it. */
  INTERRUPTIBLE,
  /** Each task has a thread of its own. */
  THREAD_PER_TASK,
  /** A task that ignores its interrupt is ended all the same. */
  KILL_CONFIRMED;

  boolean metBy(Trial trial) {
    return metBy(trial.subject(), trial.engine().traits());
  }

  boolean metBy(EngineUnderTest subject, Traits traits) {
    return switch (this) {
      case OWNED -> subject.owned();
      case SHARED -> !subject.owned();
      case SHARES_JVM -> traits.sharesJvm();
      case ELSEWHERE -> !traits.sharesJvm();
      case BATCHES -> traits.chunked() && !traits.sharesJvm();
      case BOUNDED -> subject.bound() > 0;
      case TWO_AT_ONCE -> subject.runsAtOnce(2);
      case THREE_AT_ONCE -> subject.runsAtOnce(3);
      case INTERRUPTIBLE -> traits.interruptible();
      case THREAD_PER_TASK -> traits.threadPerTask();
      case KILL_CONFIRMED -> traits.killConfirmed();
    };
  }
}
