package dev.brigade.task;

import static dev.brigade.task.Looking.HOG_AFTER;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.observe.Finding;
import dev.brigade.observe.Finding.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** How a watchdog is set up, started, closed, and how it tells. */
@HangGuard
class WatchdogTest {
  private static final Watchdog.Options SOON =
      Watchdog.options()
          .withHogAfter(Duration.ofMillis(50))
          .withSlowCancelAfter(Duration.ofMillis(50))
          .withForgottenAfter(Duration.ofDays(1));

  private static List<Thread> dogs() {
    Thread[] all = new Thread[Thread.activeCount() + 64];
    int n = Thread.enumerate(all);
    var dogs = new ArrayList<Thread>();
    for (int i = 0; i < n; i++) if (all[i].getName().equals("brigade-watchdog")) dogs.add(all[i]);
    return dogs;
  }

  @Test
  void aStartedOneFindsByItself() throws Exception {
    BlockingQueue<Finding> found = new LinkedBlockingQueue<>();
    var stop = new CountDownLatch(1);
    try (var _ = Watchdog.start(SOON.reportingTo(found::add))) {
      Tasks.runScope(s -> {
        s.run(
            "computes",
            () -> {
              while (stop.getCount() > 0 && !Thread.currentThread().isInterrupted())
                Thread.onSpinWait();
            });
        Finding f = found.take();
        stop.countDown();
        assertEquals(Kind.HOG, f.kind());
        assertEquals("computes", f.task());
      });
    }
  }

  @Test
  void itsThreadIsADaemonAndEndsWithIt() {
    assertEquals(List.of(), dogs());
    var dog = Watchdog.start();
    assertTrue(dogs().getFirst().isDaemon());
    dog.close();
    assertEquals(List.of(), dogs());
    dog.close();
    assertThrows(IllegalStateException.class, dog::check);
  }

  @Test
  void oneThatIsNotStartedHasNoThread() {
    var dog = Watchdog.of(SOON);
    assertEquals(List.of(), dog.check());
    assertEquals(List.of(), dogs());
  }

  @Test
  void anInterruptDoesNotStopIt() {
    try (var dog = Watchdog.start(SOON)) {
      Thread t = dogs().getFirst();
      t.interrupt();
      Awaitility.await().until(() -> !t.isInterrupted());
      assertTrue(t.isAlive());
      assertFalse(dog.toString().contains("closed"));
    }
  }

  @Test
  void itMayBeClosedFromAReport() throws Exception {
    var dog = new AtomicReference<Watchdog>();
    var reports = new LinkedBlockingQueue<Finding>();
    var stop = new CountDownLatch(1);
    var started = new CountDownLatch(1);
    Tasks.runScope(s -> {
      s.run(() -> {
        while (stop.getCount() > 0 && !Thread.currentThread().isInterrupted()) Thread.onSpinWait();
      });
      dog.set(
          Watchdog.start(
              SOON.reportingTo(f -> {
                awaitQuietly(started);
                dog.get().close();
                reports.add(f);
              })));
      started.countDown();
      assertNotNull(reports.poll(30, TimeUnit.SECONDS));
      stop.countDown();
    });
    dog.get().close();
    assertEquals(List.of(), dogs());
    assertTrue(reports.isEmpty());
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aReportThatThrowsHidesNoOther() throws Exception {
    var looking = new Looking();
    var told = new ArrayList<Finding>();
    var dog =
        Watchdog.of(
            Watchdog.options()
                .withHogAfter(HOG_AFTER)
                .withTime(looking.clock)
                .reportingTo(f -> {
                  told.add(f);
                  throw new IllegalStateException("a report that fails on purpose");
                }));
    var stuck = new Stuck(2);
    Tasks.runSupervised(s -> {
      Task<?> one = s.fork("one", stuck::ignoreInterrupts);
      Tasks.runSupervised(n -> {
        Task<?> two = n.fork("two", stuck::ignoreInterrupts);
        stuck.awaitBegun();
        n.cancel("enough");
        s.cancel("enough");
        try {
          Looking.awaitParked(one, two);
          for (int i = 0; i < 3; i++) {
            assertEquals(i == 2 ? 2 : 0, dog.check().size());
            looking.clock.advance(Duration.ofSeconds(3));
          }
        } finally {
          stuck.letGo();
        }
      });
    });
    assertEquals(2, told.size());
  }

  @Test
  void byDefaultItWarnsInTheLog() throws Exception {
    var logged = new LinkedBlockingQueue<LogRecord>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord r) {
            logged.add(r);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger log = Logger.getLogger("dev.brigade");
    log.addHandler(handler);
    log.setUseParentHandlers(false);
    var stuck = new Stuck();
    var looking = new Looking();
    var dog = Watchdog.of(Watchdog.options().withTime(looking.clock));
    try {
      Tasks.runSupervised(s -> {
        Task<?> task = s.fork("stubborn", stuck::ignoreInterrupts);
        stuck.awaitBegun();
        s.cancel("enough");
        Looking.awaitParked(task);
        for (int i = 0; i < 3; i++) {
          dog.check();
          looking.clock.advance(Duration.ofSeconds(3));
        }
        stuck.letGo();
      });
    } finally {
      log.setUseParentHandlers(true);
      log.removeHandler(handler);
    }
    String text = logged.remove().getMessage();
    assertTrue(text.startsWith("slow to end: stubborn"), text);
    assertTrue(logged.isEmpty());
  }

  @Test
  void optionsRefuseWhatMakesNoSense() {
    var options = Watchdog.options();
    for (Duration bad : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
      String text =
          assertThrows(IllegalArgumentException.class, () -> options.withHogAfter(bad))
              .getMessage();
      assertEquals("hogAfter must be more than zero, but was " + bad, text);
      assertThrows(IllegalArgumentException.class, () -> options.withSlowCancelAfter(bad));
      assertThrows(IllegalArgumentException.class, () -> options.withForgottenAfter(bad));
    }
    assertThrows(NullPointerException.class, () -> options.withHogAfter(null));
    assertThrows(NullPointerException.class, () -> options.reportingTo(null));
    assertThrows(NullPointerException.class, () -> options.withTime(null));
    assertThrows(NullPointerException.class, () -> Watchdog.of(null));
    assertEquals(Duration.ofSeconds(1), options.hogAfter());
    assertEquals(Duration.ofSeconds(3), options.withHogAfter(Duration.ofSeconds(3)).hogAfter());
  }

  @Test
  void thresholdsThatNeverComeAreAllowed() throws Exception {
    var ages = Duration.ofSeconds(Long.MAX_VALUE);
    var dog =
        Watchdog.of(
            Watchdog.options()
                .withHogAfter(ages)
                .withSlowCancelAfter(ages)
                .withForgottenAfter(ages));
    var stuck = new Stuck();
    Tasks.runScope(s -> {
      s.fork(stuck::block);
      stuck.awaitBegun();
      for (int i = 0; i < 5; i++) assertEquals(List.of(), dog.check());
      stuck.letGo();
    });
  }

  @Test
  void whatHasEndedIsNotKept() throws Exception {
    var looking = new Looking();
    var stuck = new Stuck(100);
    Tasks.runSupervised(s -> {
      for (int i = 0; i < 100; i++) s.fork(stuck::ignoreInterrupts);
      stuck.awaitBegun();
      s.cancel("enough");
      try {
        looking.dog.check();
        // Some may be seen running as well, while they swallow their interrupt.
        assertTrue(looking.dog.watched() >= 100, () -> "watched: " + looking.dog.watched());
      } finally {
        stuck.letGo();
      }
    });
    looking.dog.check();
    assertEquals(0, looking.dog.watched());
  }

  @Test
  void itWorksWithoutTheManagementModule() throws Exception {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String path = System.getProperty("java.class.path");
    Process run =
        new ProcessBuilder(
                java, "--limit-modules", "java.base", "-cp", path, WatchdogAlone.class.getName())
            .redirectErrorStream(true)
            .start();
    String printed = new String(run.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, run.waitFor(), printed);
    assertTrue(printed.startsWith("hog: computes"), printed);
  }

  @Test
  void aFindingIsOneLineAndItsFrames() {
    var where = new StackTraceElement("app.Shop", "price", "Shop.java", 12);
    var frames = new ArrayList<StackTraceElement>();
    for (int i = 0; i < 20; i++) frames.add(where);
    var f =
        new Finding(
            Kind.SLOW_TO_END,
            "a\nb",
            "Shop.all",
            "#7",
            Duration.ofSeconds(2),
            3,
            frames,
            where,
            "has not ended");
    List<String> lines = f.toString().lines().toList();
    assertEquals(
        "slow to end: a b from Shop.all and 3 more like it on thread #7 has not ended"
            + " (at app.Shop.price(Shop.java:12))",
        lines.getFirst());
    assertEquals(18, lines.size());
    assertEquals("    at app.Shop.price(Shop.java:12)", lines.get(1));
    assertEquals("    ... 4 more", lines.getLast());
    frames.clear();
    assertEquals(20, f.frames().size());
    assertThrows(
        NullPointerException.class,
        () -> new Finding(null, "a", null, null, Duration.ZERO, 0, List.of(), null, "m"));
  }
}
