package dev.brigade.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.task.HangGuard;
import dev.brigade.time.TimeSource.Alarm;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The machine's clock and its alarms. */
@HangGuard
class SystemTimeTest {
  private final TimeSource time = TimeSource.system();

  @Test
  void anAlarmRunsOnceAndNeverEarly() throws Exception {
    var runs = new AtomicInteger();
    var late = new CountDownLatch(1);
    long at = time.after(2_000_000);
    var early = new long[1];
    time.schedule(
        at,
        () -> {
          early[0] = at - time.nanoTime();
          runs.incrementAndGet();
        });
    time.schedule(time.after(4_000_000), late::countDown);
    late.await();
    assertEquals(1, runs.get());
    assertTrue(early[0] <= 0, "early by " + early[0]);
  }

  @Test
  void anAlarmInThePastRunsSoon() throws Exception {
    var ran = new CountDownLatch(2);
    time.schedule(time.nanoTime() - 1_000_000_000, ran::countDown);
    time.schedule(Long.MIN_VALUE / 4, ran::countDown);
    ran.await();
  }

  @Test
  void alarmsRunInTheOrderOfTheirTimes() throws Exception {
    int n = 2000;
    List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    var done = new CountDownLatch(n);
    long base = time.after(50_000_000);
    var shuffled = new ArrayList<Integer>();
    for (int i = 0; i < n; i++) shuffled.add(i);
    Collections.shuffle(shuffled, new Random(3));
    for (int i : shuffled)
      time.schedule(
          base + i * 1000L,
          () -> {
            order.add(i);
            done.countDown();
          });
    done.await();
    Collections.sort(shuffled);
    assertEquals(shuffled, order);
  }

  @Test
  void oneThatIsTakenBackDoesNotRun() throws Exception {
    var runs = new AtomicInteger();
    var alarms = new ArrayList<Alarm>();
    for (int i = 0; i < 20_000; i++)
      alarms.add(time.schedule(time.after(1_000_000_000_000L), runs::incrementAndGet));
    for (Alarm a : alarms) {
      a.cancel();
      a.cancel();
    }
    var soon = new CountDownLatch(1);
    Alarm taken = time.schedule(time.after(30_000_000), runs::incrementAndGet);
    taken.cancel();
    time.schedule(time.after(31_000_000), soon::countDown);
    soon.await();
    assertEquals(0, runs.get());
  }

  @Test
  void anActionThatThrowsDoesNotStopTheOthers() throws Exception {
    var ran = new CountDownLatch(1);
    long at = time.after(1_000_000);
    time.schedule(
        at,
        () -> {
          throw new IllegalStateException("an alarm's action");
        });
    time.schedule(at + 1, ran::countDown);
    ran.await();
  }

  @Test
  void anEarlierAlarmOvertakesALaterOneThatIsBeingWaitedFor() throws Exception {
    var early = new CountDownLatch(1);
    Alarm late = time.schedule(time.after(3_600_000_000_000L), () -> {});
    for (int i = 0; i < 200; i++) {
      var ran = new CountDownLatch(1);
      time.schedule(time.after(i * 1000L), ran::countDown);
      ran.await();
    }
    time.schedule(time.after(0), early::countDown);
    early.await();
    late.cancel();
  }

  @Test
  void timesAddUpWithoutOverflow() {
    assertEquals(TimeSource.NEVER, time.after(Long.MAX_VALUE));
    assertFalse(time.passed(TimeSource.NEVER));
    assertTrue(time.passed(time.after(0)));
    assertTrue(time.passed(time.after(-1)));
    assertFalse(time.passed(time.after(1_000_000_000_000L)));
    assertEquals(5, TimeSource.earlier(5, TimeSource.NEVER));
    assertEquals(5, TimeSource.earlier(TimeSource.NEVER, 5));
    assertEquals(4, TimeSource.earlier(5, 4));
    assertEquals(TimeSource.NEVER, TimeSource.earlier(TimeSource.NEVER, TimeSource.NEVER));
  }

  @Test
  void aParkEndsByItsTimeAnUnparkOrAnInterrupt() {
    time.park("x", time.after(1_000));
    time.unpark(Thread.currentThread());
    time.park("x", TimeSource.NEVER);
    Thread.currentThread().interrupt();
    time.park("x", TimeSource.NEVER);
    assertTrue(Thread.interrupted());
    time.park("x", time.nanoTime() - 5);
  }
}
