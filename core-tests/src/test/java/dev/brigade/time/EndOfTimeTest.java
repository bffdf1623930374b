package dev.brigade.time;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The one reading that means "never" is not given to a time that has come. */
class EndOfTimeTest {
  private static final class Standing implements TimeSource {
    @Override
    public long nanoTime() {
      return Long.MAX_VALUE;
    }

    @Override
    public Alarm schedule(long atNanos, Runnable action) {
      return () -> {};
    }

    @Override
    public void park(Object blocker, long untilNanos) {}

    @Override
    public void unpark(Thread thread) {}
  }

  @Test
  void nowIsNotNever() {
    var time = new Standing();
    for (long nanos : new long[] {0, -1, Long.MIN_VALUE}) {
      assertNotEquals(TimeSource.NEVER, time.after(nanos));
      assertTrue(time.passed(time.after(nanos)));
    }
  }
}
