package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.observe.Observers;
import dev.brigade.observe.TaskEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A failure that nobody looked at is reported, once. */
@HangGuard
class UnobservedFailureTest {
  private static final Logger LOG = Logger.getLogger("dev.brigade");
  private final List<LogRecord> reports = Collections.synchronizedList(new ArrayList<>());
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord r) {
          reports.add(r);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };
  private final IOException own = new IOException("own");

  @BeforeEach
  void listen() {
    LOG.addHandler(handler);
    LOG.setUseParentHandlers(false);
  }

  @AfterEach
  void stopListening() {
    LOG.setUseParentHandlers(true);
    LOG.removeHandler(handler);
  }

  private Task<Object> failing(TaskScope s) {
    return s.fork(() -> {
      throw own;
    });
  }

  @Test
  void itIsReportedOnceWithTheMethodThatForkedIt() throws Exception {
    long before = Tasks.snapshot().unobserved();
    Tasks.runSupervised(s -> failing(s));
    assertEquals(before + 1, Tasks.snapshot().unobserved());
    assertEquals(1, reports.size());
    assertSame(own, reports.getFirst().getThrown());
    String message = reports.getFirst().getMessage();
    assertTrue(message.contains("UnobservedFailureTest.failing"), message);
  }

  @Test
  void withAnObserverTheLineIsKnownToo() throws Exception {
    var events = Collections.synchronizedList(new ArrayList<TaskEvent>());
    try (var _ = Observers.register(events::add)) {
      Tasks.runSupervised(s -> failing(s));
    }
    var event =
        events.stream()
            .filter(e -> e.kind() == TaskEvent.Kind.UNOBSERVED)
            .findFirst()
            .orElseThrow();
    assertSame(own, event.failure());
    String text = event.toString();
    assertTrue(text.matches("(?s).*UnobservedFailureTest\\.failing:\\d+.*"), text);
  }

  @Test
  void lookingAtItInAnyWayIsEnough() throws Exception {
    Tasks.runSupervised(s -> {
      failing(s).outcome();
      var polled = failing(s);
      while (polled.outcomeOrNull() == null) Thread.onSpinWait();
      failing(s).onDone(o -> {});
      try {
        failing(s).join();
      } catch (TaskFailedException e) {
        assertSame(own, e.getCause());
      }
    });
    assertEquals(List.of(), reports);
  }

  @Test
  void awaitingItOrAskingItsStateIsNotLookingAtIt() throws Exception {
    Tasks.runSupervised(s -> {
      var task = failing(s);
      s.await(TaskScope.Until.ALL, Duration.ofHours(1));
      assertEquals(Task.State.FAILED, task.state());
    });
    assertEquals(1, reports.size());
  }

  @Test
  void cancellingItSoftlyIsNotLookingAtIt() throws Exception {
    var stuck = new Stuck();
    Tasks.runSupervised(s -> {
      var task =
          s.fork(() -> {
            stuck.block();
            throw own;
          });
      stuck.awaitBegun();
      task.cancel("gently", Duration.ofHours(1));
      stuck.letGo();
    });
    assertEquals(1, reports.size());
  }

  @Test
  void manyThatWereLookedAtHideNoneThatWasNot() throws Exception {
    long before = Tasks.snapshot().unobserved();
    Tasks.runSupervised(s -> {
      for (int i = 0; i < 1500; i++) failing(s).outcome();
      failing(s);
    });
    assertEquals(before + 1, Tasks.snapshot().unobserved());
    assertTrue(reports.stream().anyMatch(r -> r.getThrown() == own));
  }

  @Test
  void aFailureThatTheScopeItselfThrowsIsNotReportedBesides() {
    try {
      Tasks.runScope(s -> failing(s));
      throw new AssertionError("no failure");
    } catch (TaskFailedException | InterruptedException e) {
      assertSame(own, e.getCause());
    }
    assertEquals(List.of(), reports);
  }

  @Test
  void theForkSiteIsTheUsersMethodInEveryShape() throws Exception {
    var sites = new ArrayList<String>();
    Tasks.forEach(List.of(1), i -> sites.add(Tasks.snapshot().toText()));
    Tasks.run(() -> sites.add(Tasks.snapshot().toText()));
    Work<Boolean, RuntimeException> work = () -> sites.add(Tasks.snapshot().toText());
    Tasks.all(List.of(work));
    Tasks.settle(List.of(work));
    Tasks.any(work);
    Tasks.runScope(s -> {
      s.start((Ready<Boolean> ready) -> {
        sites.add(Tasks.snapshot().toText());
        ready.report(true);
      });
      s.daemon(() -> {});
    });
    for (String text : sites)
      assertTrue(text.contains("theForkSiteIsTheUsersMethodInEveryShape"), text);
    assertEquals(6, sites.size());
  }
}
