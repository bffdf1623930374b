package dev.brigade.time;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A time before the clock's own beginning is past like any other. */
class AlarmBeforeTheOriginTest {
  @Test
  void isDueAtOnceThoughTheTimerIsIdle() throws Exception {
    TimeSource time = TimeSource.system();
    var first = new CountDownLatch(1);
    time.schedule(time.nanoTime(), first::countDown);
    assertTrue(first.await(30, TimeUnit.SECONDS));
    var second = new CountDownLatch(1);
    time.schedule(-1_000_000_000L, second::countDown);
    // The idle timer looks again after ten seconds by itself, so this bound tells the two apart.
    assertTrue(second.await(8, TimeUnit.SECONDS));
  }
}
