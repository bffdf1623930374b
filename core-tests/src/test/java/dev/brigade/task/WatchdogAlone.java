package dev.brigade.task;

import dev.brigade.observe.Finding;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/** A program in which a watchdog finds a hog; a test runs it without the management module. */
final class WatchdogAlone {
  private WatchdogAlone() {}

  /** Prints what was found. */
  public static void main(String[] args) throws Exception {
    var found = new LinkedBlockingQueue<Finding>();
    var options = Watchdog.options().withHogAfter(Duration.ofMillis(50)).reportingTo(found::add);
    try (var _ = Watchdog.start(options)) {
      var stop = new CountDownLatch(1);
      Tasks.runScope(s -> {
        s.run(
            "computes",
            () -> {
              while (stop.getCount() > 0) Thread.onSpinWait();
            });
        System.out.println(found.take());
        stop.countDown();
      });
    }
  }
}
