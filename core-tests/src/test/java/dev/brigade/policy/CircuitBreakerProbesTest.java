package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.observe.Observer;
import dev.brigade.observe.Observers;
import dev.brigade.observe.PolicyEvent;
import dev.brigade.observe.TaskEvent;
import dev.brigade.policy.CircuitBreaker.State;
import dev.brigade.task.Caller;
import dev.brigade.task.CancelReason;
import dev.brigade.task.CancelledException;
import dev.brigade.task.DeadlineException;
import dev.brigade.task.HandClock;
import dev.brigade.task.HangGuard;
import dev.brigade.task.Stuck;
import dev.brigade.task.Tasks;
import dev.brigade.task.VoidWork;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Probes, what counts neither way, and calls that end in another state than they began in. */
@HangGuard
class CircuitBreakerProbesTest {
  private final HandClock clock = new HandClock();

  private static void bad(CircuitBreaker b) {
    assertThrows(
        IOException.class,
        () ->
            b.run(() -> {
              throw new IOException("down");
            }));
  }

  /** Due for its probes. */
  private CircuitBreaker due(int probes) {
    var b = CircuitBreaker.ofCalls(1).withTime(clock).withProbes(probes);
    bad(b);
    clock.advance(Duration.ofMinutes(1));
    return b;
  }

  @Test
  void exactlySoManyProbeAtOnce() throws Exception {
    for (int k : List.of(1, 3)) {
      var b = due(k);
      var inside = new Stuck(k);
      var probes = new ArrayList<Caller<Object>>();
      for (int i = 0; i < k; i++) probes.add(Caller.start(() -> b.call(inside::block)));
      inside.awaitBegun();
      assertEquals(k, b.statistics().probing());
      var e = assertThrows(BreakerOpenException.class, () -> b.run(() -> {}));
      assertEquals(Duration.ZERO, e.remaining());
      inside.letGo();
      for (var p : probes) assertTrue(p.outcome().isSuccess());
      assertEquals(State.CLOSED, b.state());
    }
  }

  /** A probe that ends so counts neither way, and its place can be taken at once. */
  private void givesItsPlaceBack(Class<? extends Throwable> thrown, VoidWork<?> probe)
      throws Exception {
    var b = due(1);
    for (int i = 0; i < 3; i++) assertThrows(thrown, () -> b.run(probe));
    assertEquals(State.HALF_OPEN, b.state());
    assertEquals(0, b.statistics().probing());
    assertEquals(3, b.statistics().ignored());
    b.run(() -> {});
    assertEquals(State.CLOSED, b.state());
    // When closed it counts neither way as well.
    for (int i = 0; i < 3; i++) assertThrows(thrown, () -> b.run(probe));
    assertEquals(State.CLOSED, b.state());
    assertEquals(0, b.statistics().windowCalls());
  }

  @Test
  void whatSaysNothingAboutTheCalleeCountsNeitherWay() throws Exception {
    givesItsPlaceBack(
        InterruptedException.class,
        () -> {
          throw new InterruptedException();
        });
    givesItsPlaceBack(
        WaitTooLongException.class,
        () -> {
          throw new WaitTooLongException("a grant", Duration.ofSeconds(2), Duration.ofSeconds(1));
        });
    givesItsPlaceBack(
        CancelledException.class,
        () -> {
          var reason = new CancelReason(CancelReason.Kind.REQUESTED, "not wanted", null);
          throw new CancelledException(reason);
        });
  }

  @Test
  void anInterruptCountsNeitherWayInWhateverItIsWrappedAndAReadThatTookTooLongIsNone()
      throws Exception {
    for (var e :
        List.of(
            new IOException(
                "Interrupted during connection acquisition", new InterruptedException()),
            new RuntimeException(new RuntimeException(new InterruptedException())),
            new ClosedByInterruptException(),
            new InterruptedIOException("pipe")))
      givesItsPlaceBack(
          e.getClass(),
          () -> {
            throw e;
          });
    var b = CircuitBreaker.ofCalls(1);
    assertThrows(
        SocketTimeoutException.class,
        () ->
            b.run(() -> {
              throw new SocketTimeoutException("read");
            }));
    assertEquals(State.OPEN, b.state());
  }

  @Test
  void aRefusalFurtherInCountsNeitherWay() throws Exception {
    var inner = CircuitBreaker.ofCalls(5);
    inner.trip();
    givesItsPlaceBack(BreakerOpenException.class, () -> inner.run(() -> {}));
  }

  @Test
  void anInterruptFromOutsideCountsNeitherWayHoweverTheWorkSaysSo() throws Exception {
    var b = due(1);
    var stuck = new Stuck();
    var caller =
        Caller.start(() ->
            b.<Object, Exception>call(() -> {
              try {
                return stuck.block();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("wrapped", e);
              }
            }));
    stuck.awaitBegun();
    caller.interrupt();
    assertInstanceOf(IOException.class, caller.failure());
    assertEquals(State.HALF_OPEN, b.state());
    assertEquals(0, b.statistics().probing());
  }

  @Test
  void aCancelledProbeCountsNeitherWayWhateverItThrows() throws Exception {
    var b = due(1);
    var stuck = new Stuck();
    Tasks.runSupervised(s -> {
      var probe =
          s.fork(() ->
              b.<Object, Exception>call(() -> {
                try {
                  return stuck.block();
                } catch (InterruptedException e) {
                  throw new IOException("wrapped", e);
                }
              }));
      stuck.awaitBegun();
      probe.cancel("not wanted");
      probe.outcome();
    });
    assertEquals(State.HALF_OPEN, b.state());
    assertEquals(0, b.statistics().probing());
  }

  @Test
  void aDeadlineFurtherOutCountsNeitherWayAndOneFurtherInIsAFailure() throws Exception {
    var b = CircuitBreaker.ofCalls(1);
    var stuck = new Stuck(2);
    assertThrows(
        DeadlineException.class,
        () -> Tasks.within(Duration.ofMillis(1), () -> b.call(stuck::block)));
    assertEquals(State.CLOSED, b.state());
    assertThrows(
        DeadlineException.class,
        () -> b.call(() -> Tasks.within(Duration.ofMillis(1), stuck::block)));
    assertEquals(State.OPEN, b.state());
  }

  @Test
  void aCallThatEndsInAnotherStateThanItBeganInChangesNothing() throws Exception {
    var b = CircuitBreaker.ofCalls(1).withTime(clock);
    var late = new Stuck();
    var old =
        Caller.start(() ->
            b.<Object, Exception>call(() -> {
              late.block();
              throw new IOException("late");
            }));
    late.awaitBegun();
    bad(b);
    clock.advance(Duration.ofMinutes(1));
    b.run(() -> {});
    assertEquals(State.CLOSED, b.state());
    late.letGo();
    assertInstanceOf(IOException.class, old.failure());
    assertEquals(State.CLOSED, b.state());
    assertEquals(1, b.statistics().stale());
    assertEquals(0, b.statistics().windowCalls());
  }

  @Test
  void aProbeOfAnEarlierRoundChangesNothing() throws Exception {
    var b = due(2);
    var early = new Stuck();
    var probe = Caller.start(() -> b.call(early::block));
    early.awaitBegun();
    bad(b);
    clock.advance(Duration.ofMinutes(1));
    b.run(() -> {});
    early.letGo();
    assertTrue(probe.outcome().isSuccess());
    assertEquals(State.HALF_OPEN, b.state());
    assertEquals(0, b.statistics().probing());
    b.run(() -> {});
    assertEquals(State.CLOSED, b.state());
  }

  @Test
  void observersAreToldOfEachChangeAndRefusal() throws Exception {
    var kinds = new CopyOnWriteArrayList<PolicyEvent.Kind>();
    Observer watching =
        new Observer() {
          @Override
          public void onEvent(TaskEvent event) {}

          @Override
          public void onPolicy(PolicyEvent event) {
            if (event.policy().endsWith("\"observed\"")) kinds.add(event.kind());
          }
        };
    try (var _ = Observers.register(watching)) {
      var b = CircuitBreaker.ofCalls(1).withTime(clock).named("observed");
      bad(b);
      assertThrows(BreakerOpenException.class, () -> b.run(() -> {}));
      clock.advance(Duration.ofMinutes(1));
      b.run(() -> {});
      assertEquals(
          List.of(
              PolicyEvent.Kind.OPENED,
              PolicyEvent.Kind.REFUSED,
              PolicyEvent.Kind.HALF_OPENED,
              PolicyEvent.Kind.CLOSED),
          kinds);
      var seen =
          Tasks.snapshot().meters().stream().filter(m -> m.name().equals("observed")).toList();
      assertEquals("breaker", seen.getFirst().kind());
      assertEquals("CLOSED", seen.getFirst().figures().get("state"));
      assertEquals(1L, seen.getFirst().figures().get("refused"));
    }
  }
}
