package dev.brigade.policy;

import dev.brigade.time.TimeSource;

/**
 * One stretch of a breaker's life, from one change of state to the next. A call keeps the one it
 * began in; what it has to say counts only while that is still the breaker's own.
 */
abstract sealed class BreakerPhase {

  static final class Closed extends BreakerPhase {
    final CallWindow window;

    Closed(CallWindow window) {
      this.window = window;
    }
  }

  static final class Open extends BreakerPhase {
    final TimeSource clock;
    final long from;
    final long nanos;
    final int inRow;

    /** {@link TimeSource#NEVER} is until it is reset. */
    Open(TimeSource clock, long nanos, int inRow) {
      this.clock = clock;
      this.from = clock.nanoTime();
      this.nanos = nanos;
      this.inRow = inRow;
    }

    /** A clock that has gone back does not keep it open. */
    boolean isOver() {
      if (nanos == TimeSource.NEVER) return false;
      long passed = clock.nanoTime() - from;
      return passed >= nanos || passed < 0;
    }

    long remaining() {
      if (nanos == TimeSource.NEVER) return TimeSource.NEVER;
      return Math.max(0, nanos - Math.max(0, clock.nanoTime() - from));
    }
  }

  /** Lets probes through: leased + succeeded <= k. Guarded by the breaker's monitor. */
  static final class HalfOpen extends BreakerPhase {
    final int inRow;
    int leased;
    int succeeded;

    HalfOpen(int inRow) {
      this.inRow = inRow;
    }
  }
}
