package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.observe.Observer;
import dev.brigade.observe.Observers;
import dev.brigade.observe.PolicyEvent;
import dev.brigade.observe.TaskEvent;
import dev.brigade.task.Caller;
import dev.brigade.task.CancelReason;
import dev.brigade.task.CancelledException;
import dev.brigade.task.DeadlineException;
import dev.brigade.task.ElasticWidth;
import dev.brigade.task.HandClock;
import dev.brigade.task.HangGuard;
import dev.brigade.task.Tasks;
import dev.brigade.testing.VirtualClock;
import dev.brigade.testing.simulation.ServerModel;
import dev.brigade.testing.simulation.ServiceTime;
import dev.brigade.testing.simulation.SimulatedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The thread-safe shell: permits, how ends are told, what drives fan-outs, statistics. */
@HangGuard
class AdaptiveLimitTest {
  private static void untilWaiting(AdaptiveLimit limit, int n) {
    while (limit.statistics().waiting() != n) Thread.yield();
  }

  private static final class Busy extends Exception {
    private static final long serialVersionUID = 1L;
  }

  private static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    @Override
    public synchronized Throwable getCause() {
      throw new IllegalStateException("of the cause");
    }
  }

  // ---- how ends are told

  static List<Exception> overloads() {
    return List.of(
        new DeadlineException("late"),
        new TimeoutException(),
        new SocketTimeoutException(),
        new UncheckedIOException(new SocketTimeoutException()),
        new Busy(),
        new RuntimeException(new Busy()));
  }

  @ParameterizedTest
  @MethodSource("overloads")
  void timeoutsAndWhatTheUserNamesAreOverloads(Exception failure) throws Exception {
    var limit = AdaptiveLimit.of(64).overloadedBy(Busy.class);
    assertSame(failure, assertThrows(Exception.class, () -> limit.call(() -> thrown(failure))));
    assertEquals(1, limit.statistics().overloaded());
    assertEquals(0, limit.statistics().inFlight());
  }

  static List<Throwable> neither() {
    return List.of(
        new IOException("no such host"),
        new InterruptedException(),
        new CancellationException(),
        new CancelledException(new CancelReason(CancelReason.Kind.REQUESTED, "enough", null)),
        new UncheckedIOException(new IOException(new InterruptedException())),
        new AssertionError());
  }

  @ParameterizedTest
  @MethodSource("neither")
  void otherFailuresAndCancellationsCountNeitherWay(Throwable failure) throws Exception {
    var limit = AdaptiveLimit.of(64).overloadedWhen(t -> t instanceof Busy);
    for (int i = 0; i < 200; i++)
      assertSame(
          failure,
          assertThrows(
              Throwable.class,
              () ->
                  limit.run(() -> {
                    if (failure instanceof Error e) throw e;
                    throw (Exception) failure;
                  })));
    var s = limit.statistics();
    assertEquals(
        List.of(20, 0, 0L, 0L), List.of(s.limit(), s.inFlight(), s.succeeded(), s.overloaded()));
  }

  private static Object thrown(Exception e) throws Exception {
    throw e;
  }

  @Test
  void aCancellationIsNoOverloadWhateverThePredicateSays() {
    var limit = AdaptiveLimit.of(64).overloadedWhen(t -> true);
    assertThrows(
        CancellationException.class,
        () ->
            limit.run(() -> {
              throw new CancellationException();
            }));
    assertEquals(0, limit.statistics().overloaded());
  }

  @Test
  void aPredicateThatThrowsKeepsNoPermitAndHidesNoException() throws Exception {
    var limit =
        AdaptiveLimit.of(4)
            .startingAt(2)
            .overloadedWhen(t -> {
              throw new IllegalStateException("of the predicate");
            });
    for (int i = 0; i < 5; i++) {
      var own = new IOException("of the work");
      assertSame(
          own,
          assertThrows(
              IOException.class,
              () ->
                  limit.call(() -> {
                    throw own;
                  })));
      limit.width().begin().ended(own);
    }
    assertEquals(0, limit.statistics().inFlight());
    assertEquals(0, limit.statistics().overloaded());
    assertNotNull(limit.tryAcquire());
  }

  @Test
  void aCauseThatCannotBeReadKeepsNoPermit() {
    var limit = AdaptiveLimit.of(4).startingAt(1);
    var own = new Unreadable();
    for (int i = 0; i < 3; i++)
      assertSame(
          own,
          assertThrows(
              Unreadable.class,
              () ->
                  limit.call(() -> {
                    throw own;
                  })));
    assertEquals(0, limit.statistics().inFlight());
  }

  @Test
  void aListenerThatThrowsHidesNoResultAndNoOtherListener() throws Exception {
    var clock = new HandClock();
    var limit = AdaptiveLimit.of(64, clock).startingAt(2);
    var thrown = new AtomicInteger();
    var told = new AtomicInteger();
    var first =
        limit
            .width()
            .onGrowth(() -> {
              thrown.incrementAndGet();
              throw new IllegalStateException("of the listener");
            });
    var second = limit.width().onGrowth(told::incrementAndGet);
    for (int i = 0; i < 2_000; i++) {
      var other = limit.acquire();
      assertEquals(
          "result",
          limit.call(() -> {
            clock.advance(Duration.ofMillis(1));
            return "result";
          }));
      other.succeeded();
    }
    assertTrue(thrown.get() > 0);
    assertEquals(thrown.get(), told.get());
    first.close();
    second.close();
  }

  @Test
  void aDeadlineInsideTheWorkIsAnOverloadOneAroundItIsNot() throws Exception {
    var limit = AdaptiveLimit.of(64);
    Duration soon = Duration.ofMillis(1);
    Duration late = Duration.ofHours(1);
    assertThrows(
        DeadlineException.class, () -> limit.run(() -> Tasks.within(soon, () -> slept(late))));
    assertEquals(1, limit.statistics().overloaded());
    assertThrows(
        DeadlineException.class, () -> Tasks.within(soon, () -> limit.call(() -> slept(late))));
    assertEquals(1, limit.statistics().overloaded());
  }

  private static Object slept(Duration time) throws InterruptedException {
    Tasks.sleep(time);
    return time;
  }

  @Test
  void workIsRunOnceAndItsResultIsPassedOn() throws Exception {
    var limit = AdaptiveLimit.of(64);
    assertEquals(5, limit.call(() -> 5));
    assertNull(limit.call(() -> null));
    assertEquals(List.of(2, 3), Tasks.map(List.of(1, 2), limit.around((Integer i) -> i + 1)));
    assertEquals(4, limit.statistics().succeeded());
    assertEquals(0, limit.statistics().inFlight());
  }

  // ---- permits

  @Test
  void aPermitEndsOnce() throws Exception {
    var limit = AdaptiveLimit.of(1);
    var permit = limit.acquire();
    assertNull(limit.tryAcquire());
    permit.succeeded();
    permit.overloaded();
    permit.close();
    var s = limit.statistics();
    assertEquals(List.of(1L, 0L), List.of(s.succeeded(), s.overloaded()));
    try (var again = limit.tryAcquire()) {
      assertNotNull(again);
      assertNull(limit.tryAcquire(Duration.ZERO));
    }
    assertEquals(List.of(1L, 0L), List.of(s.succeeded(), s.overloaded()));
    assertEquals(0, limit.statistics().inFlight());
  }

  @Test
  void aWaiterThatGivesUpLeavesNothingBehind() throws Exception {
    var limit = AdaptiveLimit.of(1);
    var held = limit.acquire();
    var first = Caller.start(limit::acquire);
    untilWaiting(limit, 1);
    var second = Caller.start(limit::acquire);
    untilWaiting(limit, 2);
    first.interrupt();
    assertTrue(first.failure() instanceof InterruptedException);
    held.succeeded();
    second.outcome().orThrow().succeeded();
    var s = limit.statistics();
    assertEquals(List.of(0, 0, 2L), List.of(s.inFlight(), s.waiting(), s.succeeded()));
  }

  @Test
  void furtherWaitersAreRefused() throws Exception {
    var limit = AdaptiveLimit.of(1).maxWaiters(0);
    try (var _ = limit.acquire()) {
      assertThrows(Limit.FullException.class, limit::acquire);
    }
  }

  @Test
  void neverMoreInsideThanTheLimitAllowsWhileItMoves() throws Exception {
    var limit = AdaptiveLimit.of(16).startingAt(2);
    var inside = new AtomicInteger();
    var peak = new AtomicInteger();
    Tasks.limit(40)
        .forEach(
            IntStream.range(0, 5_000).boxed().toList(),
            i -> {
              try (var permit = limit.acquire()) {
                peak.accumulateAndGet(inside.incrementAndGet(), Math::max);
                Thread.yield();
                inside.decrementAndGet();
                if (i % 7 == 0) permit.overloaded();
                else permit.succeeded();
              }
            });
    assertTrue(peak.get() <= 16, "peak " + peak);
    var s = limit.statistics();
    assertEquals(List.of(0, 0), List.of(s.inFlight(), s.waiting()));
    assertEquals(5_000, s.succeeded() + s.overloaded());
  }

  // ---- driving a fan-out

  @Test
  void whoDrivesItIsToldWhenThereIsRoomForMore() {
    var clock = new HandClock();
    var limit = AdaptiveLimit.of(100, clock);
    ElasticWidth width = limit.width();
    var told = new AtomicInteger();
    var seen = new AtomicInteger();
    var registration =
        width.onGrowth(() -> {
          told.incrementAndGet();
          seen.set(width.limit());
        });
    var flying = new ArrayDeque<ElasticWidth.Turn>();
    drive(clock, width, flying, 500);
    assertTrue(told.get() >= 20, "told " + told);
    assertEquals(limit.limit(), seen.get());
    registration.close();
    registration.close();
    int before = told.get();
    drive(clock, width, flying, 5_000);
    assertEquals(100, limit.limit());
    assertEquals(before, told.get());
  }

  private static void drive(
      HandClock clock, ElasticWidth width, ArrayDeque<ElasticWidth.Turn> flying, int ends) {
    for (int i = 0; i < ends; i++) {
      while (flying.size() < width.limit()) flying.add(width.begin());
      clock.advance(Duration.ofNanos(10_000_000 / width.limit()));
      var turn = flying.remove();
      turn.ended(null);
      turn.ended(new TimeoutException());
    }
  }

  @Test
  void aGrowingLimitLetsWaitersIn() throws Exception {
    var clock = new HandClock();
    var limit = AdaptiveLimit.of(64, clock);
    var held = new ArrayDeque<AdaptiveLimit.Permit>();
    int most = 20;
    for (int i = 0; i < 500; i++) {
      while (held.size() < limit.limit()) held.add(limit.acquire());
      most = Math.max(most, held.size());
      assertNull(limit.tryAcquire());
      clock.advance(Duration.ofMillis(1));
      held.remove().succeeded();
    }
    assertTrue(most > 20, limit::toString);
    held.forEach(AdaptiveLimit.Permit::succeeded);
    assertEquals(0, limit.statistics().inFlight());
  }

  // ---- with the library's own waiting, on virtual time

  @Test
  void findsTheKneeOfAServerThatRealCodeCalls() throws Exception {
    var clock = new VirtualClock();
    var model = ServerModel.of(12, ServiceTime.logNormal(Duration.ofMillis(20), 0.3));
    var server = new SimulatedServer(model, 5);
    var limit = AdaptiveLimit.of(200, clock);
    Tasks.time(clock)
        .limit(60)
        .forEach(
            IntStream.range(0, 3_000).boxed().toList(), i -> limit.run(() -> server.handle(clock)));
    var s = limit.statistics();
    assertTrue(s.limit() >= 11 && s.limit() <= 18, s::toString);
    assertEquals(3_000, s.succeeded());
    assertTrue(s.goodput() > 400 && s.goodput() < 800, s::toString);
    assertTrue(s.latency().toMillis() >= 10 && s.latency().toMillis() < 60, s::toString);
  }

  @Test
  void backsOffFromAServerThatRefusesRealCode() throws Exception {
    var clock = new VirtualClock();
    var model =
        ServerModel.of(5, ServiceTime.steady(Duration.ofMillis(20)))
            .queue(2)
            .network(Duration.ofMillis(2));
    var server = new SimulatedServer(model, 5);
    var limit = AdaptiveLimit.of(200, clock).overloadedBy(SimulatedServer.RejectedException.class);
    var outcomes =
        Tasks.time(clock)
            .limit(60)
            .settle(
                IntStream.range(0, 1_500).boxed().toList(),
                limit.around((Integer i) -> {
                  server.handle(clock);
                  return i;
                }));
    var s = limit.statistics();
    assertTrue(s.backOffs() >= 1, s::toString);
    assertTrue(s.limit() <= 9, s::toString);
    assertTrue(s.overloaded() < 1_500 * 0.04, s::toString);
    assertEquals(s.overloaded(), outcomes.stream().filter(o -> o.failureOrNull() != null).count());
  }

  // ---- wrong use

  @Test
  void errorsNameTheParameterTheRuleAndTheValue() throws Exception {
    var e = assertThrows(IllegalArgumentException.class, () -> AdaptiveLimit.of(0));
    assertEquals("most must be at least 1, but was 0", e.getMessage());
    var limit = AdaptiveLimit.of(8);
    for (int wrong : new int[] {0, -1, 9}) {
      e = assertThrows(IllegalArgumentException.class, () -> limit.startingAt(wrong));
      assertEquals("initial must be between 1 and 8, but was " + wrong, e.getMessage());
    }
    assertEquals(3, limit.startingAt(3).limit());
    limit.acquire().close();
    assertThrows(IllegalStateException.class, () -> limit.startingAt(3));
    assertThrows(NullPointerException.class, () -> limit.call(null));
    assertThrows(NullPointerException.class, () -> limit.around(null));
    assertThrows(NullPointerException.class, () -> limit.overloadedWhen(null));
    assertThrows(NullPointerException.class, () -> limit.tryAcquire(null));
    assertThrows(NullPointerException.class, () -> limit.width().onGrowth(null));
    assertThrows(NullPointerException.class, () -> limit.acquire().failed(null));
  }

  @Test
  void saysWhatItDoesAndWhy() throws Exception {
    var limit = AdaptiveLimit.of(8);
    try (var _ = limit.acquire()) {
      assertEquals("nothing measured yet", limit.statistics().why());
      assertEquals(1, limit.statistics().inFlight());
    }
  }

  // ---- as a policy

  @Test
  void itIsAPolicyWithALabelAndFiguresForEverybody() throws Exception {
    var limit = AdaptiveLimit.of(64).named("shop");
    assertEquals(List.of(1, 2, 3), Tasks.with(limit).map(List.of(1, 2, 3), i -> i));
    assertEquals(3, limit.statistics().succeeded());
    assertEquals("adaptive limit up to 64 \"shop\"", limit.toString());
    assertEquals(Policy.Kind.LIMIT, limit.kind());
    assertEquals(3L, limit.reading().figures().get("succeeded"));
    assertTrue(Tasks.snapshot().toText().contains("adaptive limit shop"));
  }

  @Test
  void aResultMayBeAnOverload() throws Exception {
    var limit = AdaptiveLimit.of(64).overloadedIfResult(r -> Integer.valueOf(503).equals(r));
    assertEquals(503, limit.call(() -> 503));
    assertEquals(200, limit.call(() -> 200));
    assertEquals(1, limit.statistics().overloaded());
    assertEquals(1, limit.statistics().succeeded());
  }

  @Test
  void observersAreToldOfANewSize() throws Exception {
    var sizes = new ArrayList<String>();
    var limit = AdaptiveLimit.of(4).startingAt(2).overloadedBy(Busy.class);
    try (var _ =
        Observers.register(
            new Observer() {
              @Override
              public void onEvent(TaskEvent event) {}

              @Override
              public void onPolicy(PolicyEvent event) {
                if (event.kind() == PolicyEvent.Kind.RESIZED) sizes.add(event.detail());
              }
            })) {
      for (int i = 0; i < 50 && sizes.isEmpty(); i++)
        assertThrows(Busy.class, () -> limit.call(() -> thrown(new Busy())));
    }
    assertTrue(sizes.getFirst().startsWith("2 to 1: "), sizes::toString);
  }
}
