package dev.brigade.time;

import static dev.brigade.models.Models.expect;

import dev.brigade.models.Models;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The real AlarmThread on a clock on which an hour passes at each look, so that it also ends for
 * want of work in the middle of things, and must be started again.
 */
@Tag("interleavings")
class AlarmThreadModelTest {
  private static final long HOUR_NANOS = 3_600_000_000_000L;

  private static final class LeapingTime implements TimeSource {
    private final AtomicLong now = new AtomicLong();

    @Override
    public long nanoTime() {
      return now.getAndAdd(HOUR_NANOS);
    }

    @Override
    public Alarm schedule(long atNanos, Runnable action) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void park(Object blocker, long untilNanos) {
      if (untilNanos == NEVER) LockSupport.park();
    }

    @Override
    public void unpark(Thread thread) {
      LockSupport.unpark(thread);
    }
  }

  @Test
  void eachAlarmStrikesOnceThoughTheThreadEndsMeanwhile() {
    Models.check(() -> {
      var alarms = new AlarmThread(new LeapingTime());
      var struck = new AtomicInteger[] {new AtomicInteger(), new AtomicInteger()};
      Thread other = new Thread(() -> alarms.schedule(1, struck[1]::incrementAndGet));
      other.start();
      alarms.schedule(1, struck[0]::incrementAndGet);
      other.join();
      while (struck[0].get() == 0 || struck[1].get() == 0) Thread.onSpinWait();
      expect(struck[0].get() == 1 && struck[1].get() == 1, "an alarm struck twice");
    });
  }

  @Test
  void anAlarmThatIsTakenBackStrikesAtMostOnceAndTheOtherStillStrikes() {
    Models.check(() -> {
      var alarms = new AlarmThread(new LeapingTime());
      var taken = new AtomicInteger();
      var left = new AtomicInteger();
      TimeSource.Alarm alarm = alarms.schedule(1, taken::incrementAndGet);
      Thread other = new Thread(alarm::cancel);
      other.start();
      alarms.schedule(2, left::incrementAndGet);
      other.join();
      while (left.get() == 0) Thread.onSpinWait();
      expect(left.get() == 1 && taken.get() <= 1, "an alarm struck twice");
    });
  }
}
