package dev.brigade.policy;

import dev.brigade.time.TimeSource;
import java.util.ArrayDeque;

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
    private static final int MOST_CLOCKS = 8;

    final TimeSource clock;
    final long from;
    final long fromReal;
    final long nanos;
    final int inRow;
    private final ArrayDeque<Asked> elsewhere = new ArrayDeque<>(0);

    /** Another clock, and when it was first asked about on that. */
    private record Asked(TimeSource clock, long at) {}

    /** {@link TimeSource#NEVER} is until it is reset. */
    Open(TimeSource clock, long nanos, int inRow) {
      this.clock = clock;
      this.from = clock.nanoTime();
      this.fromReal = TimeSource.system().nanoTime();
      this.nanos = nanos;
      this.inRow = inRow;
    }

    boolean isOver(TimeSource asking) {
      return remaining(asking) == 0;
    }

    /**
     * For whoever asks on this clock. The clock that it was opened on decides; but somebody on
     * another clock may never see that one move again, so for him the time is also over when it has
     * passed on the machine's clock, or on his own since it was first asked about there.
     */
    long remaining(TimeSource asking) {
      if (nanos == TimeSource.NEVER) return TimeSource.NEVER;
      long left = left(clock, from);
      if (asking == clock || left == 0) return left;
      left = Math.min(left, left(TimeSource.system(), fromReal));
      return asking == TimeSource.system()
          ? left
          : Math.min(left, left(asking, firstAsked(asking)));
    }

    /** A clock that has gone back does not keep it open. */
    private long left(TimeSource on, long since) {
      long passed = on.nanoTime() - since;
      return passed < 0 ? 0 : Math.max(0, nanos - passed);
    }

    /** Remembers a few clocks; who comes with more of them goes by the machine's. */
    private synchronized long firstAsked(TimeSource asking) {
      for (Asked a : elsewhere) if (a.clock == asking) return a.at;
      if (elsewhere.size() == MOST_CLOCKS) elsewhere.removeFirst();
      long now = asking.nanoTime();
      elsewhere.add(new Asked(asking, now));
      return now;
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
