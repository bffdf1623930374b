package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.engine.Engine;
import dev.brigade.task.HangGuard;
import dev.brigade.task.Tasks;
import dev.brigade.task.Work;
import dev.brigade.testing.SerialisingEngine;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Policies in the order written, around calls, functions and fan-outs. */
@HangGuard
class ChainTest {
  /** Writes down when it was entered and left, and for which input. */
  private record Noting(String name, Policy.Kind kind, List<String> notes) implements Policy {
    Noting(String name, List<String> notes) {
      this(name, Kind.OTHER, notes);
    }

    @Override
    public <T, X extends Exception> T call(Work<T, X> work) throws X, InterruptedException {
      return callFor("nothing", work);
    }

    @Override
    public <T, X extends Exception> T callFor(@Nullable Object input, Work<T, X> work)
        throws X, InterruptedException {
      notes.add(name + " in " + input);
      try {
        return work.call();
      } finally {
        notes.add(name + " out");
      }
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private final List<String> notes = Collections.synchronizedList(new ArrayList<>());

  @Test
  void theFirstWrittenIsTheOutermost() throws Exception {
    Policy p = Policy.of(new Noting("a", notes), new Noting("b", notes), new Noting("c", notes));
    assertEquals("v", p.call(() -> "v"));
    assertEquals(
        List.of("a in nothing", "b in nothing", "c in nothing", "c out", "b out", "a out"), notes);
    assertEquals("a > b > c", p.toString());
  }

  @Test
  void aChainInAChainKeepsTheOrder() throws Exception {
    Policy p =
        new Noting("a", notes)
            .then(new Noting("b", notes).then(new Noting("c", notes)))
            .then(new Noting("d", notes));
    p.run(() -> notes.add("work"));
    assertEquals("a > b > c > d", p.toString());
    assertEquals(
        List.of("a in nothing", "b in nothing", "c in nothing", "d in nothing", "work"),
        notes.subList(0, 5));
  }

  @Test
  void theInputReachesEveryPolicy() throws Exception {
    var f =
        Policy.of(new Noting("a", notes), new Noting("b", notes)).around((String s) -> s.length());
    assertEquals(3, f.apply("abc"));
    assertEquals(List.of("a in abc", "b in abc", "b out", "a out"), notes);
  }

  @Test
  void theWorksOwnExceptionPassesAsItIs() {
    var e = new IOException("own");
    Policy p = Policy.of(new Noting("a", notes), new Noting("b", notes));
    assertEquals(
        e,
        assertThrows(
            IOException.class,
            () -> {
              String unused =
                  p.<String, IOException>call(() -> {
                    throw e;
                  });
            }));
  }

  private void contradicts(Policy.Kind outer, Policy.Kind inner) {
    Policy out = new Noting("out", outer, notes);
    Policy between = new Noting("between", notes);
    Policy in = new Noting("in", inner, notes);
    var e = assertThrows(IllegalArgumentException.class, () -> Policy.of(out, between, in));
    assertTrue(e.getMessage().startsWith("[out] outside [in]: "), e.getMessage());
    assertEquals("in > out", Policy.of(in, out).toString());
  }

  @Test
  void contradictionsAreRejectedWhenBuilt() {
    contradicts(Policy.Kind.RATE, Policy.Kind.RETRY);
    contradicts(Policy.Kind.RATE, Policy.Kind.HEDGE);
    contradicts(Policy.Kind.RETRY, Policy.Kind.FALLBACK);
    contradicts(Policy.Kind.BREAKER, Policy.Kind.FALLBACK);
    contradicts(Policy.Kind.HEDGE, Policy.Kind.FALLBACK);
    contradicts(Policy.Kind.HEDGE, Policy.Kind.SINGLE_FLIGHT);
    Policy one = new Noting("one", notes);
    assertThrows(IllegalArgumentException.class, () -> Policy.of(one, one));
    Policy retry = new Noting("r", Policy.Kind.RETRY, notes);
    Policy other = new Noting("s", Policy.Kind.RETRY, notes);
    assertThrows(IllegalArgumentException.class, () -> retry.then(other));
    assertThrows(IllegalArgumentException.class, () -> Tasks.with(retry).with(other));
    assertThrows(IllegalArgumentException.class, Policy::of);
  }

  @Test
  void aHedgeAroundWhatLetsOneInIsRejected() {
    Policy hedge = Hedge.idempotent().after(Duration.ofMillis(10));
    for (Policy one :
        List.of(
            Limit.of(1),
            KeyedLimit.<String>of(1).by((String s) -> s),
            new KeyedLock<String>().by((String s) -> s),
            new SingleFlight<String>().by((String s) -> s))) {
      var e = assertThrows(IllegalArgumentException.class, () -> Policy.of(hedge, one));
      assertTrue(e.getMessage().contains("the second request would"), e.getMessage());
      assertTrue(Policy.of(one, hedge).toString().endsWith(hedge.toString()));
    }
    for (Policy several :
        List.of(
            Limit.of(2),
            KeyedLimit.<String>of(2).by((String s) -> s),
            KeyedLimit.<String>of(s -> s.length()).by((String s) -> s)))
      assertTrue(Policy.of(hedge, several).toString().startsWith(hedge.toString()));
  }

  @Test
  void twoViewsOfOneThingAreTheSamePolicyTwice() {
    var limits = KeyedLimit.<String>of(2);
    var locks = new KeyedLock<String>();
    var flights = new SingleFlight<String>();
    var rate = RateLimit.window(1, Duration.ofSeconds(1));
    twice(limits.by((String s) -> s), limits.by((String s) -> s));
    twice(locks.by((String s) -> s), locks.by((String s) -> s));
    twice(flights.by((String s) -> s), flights.by((String s) -> s));
    twice(rate, rate.withMaxWait(Duration.ofSeconds(5)));
    twice(rate.withMaxWaiters(3), rate);
    var other = KeyedLimit.<String>of(2);
    assertTrue(
        Policy.of(limits.by((String s) -> s), other.by((String s) -> s))
            .toString()
            .contains(" > "));
  }

  private static void twice(Policy a, Policy b) {
    var e = assertThrows(IllegalArgumentException.class, () -> Policy.of(a, b));
    assertTrue(e.getMessage().contains("the same policy twice"), e.getMessage());
  }

  @Test
  void aFanOutAppliesItToEachItemWithItsInput() throws Exception {
    Policy p = new Noting("p", notes);
    assertEquals(List.of(2, 4), Tasks.limit(1).with(p).map(List.of(1, 2), i -> 2 * i));
    assertEquals(List.of("p in 1", "p out", "p in 2", "p out"), notes);
  }

  @Test
  void everyShapeAndEngineAppliesIt() throws Exception {
    try (var elsewhere = SerialisingEngine.open();
        var threads = Engine.openThreads(2)) {
      for (Engine e : List.of(Engine.virtual(), Engine.cores(), threads, elsewhere)) {
        var calls = new AtomicInteger();
        Policy p = new Counting(calls);
        var under = Tasks.on(e).with(p);
        assertEquals(List.of(2, 4), under.map(List.of(1, 2), i -> 2 * i));
        assertEquals(2, calls.getAndSet(0), e + " map");
        assertEquals(List.of(2, 4), under.map(List.of(1, 2).stream(), i -> 2 * i));
        assertEquals(2, calls.getAndSet(0), e + " lazy map");
        assertEquals(2, under.settle(List.of(1, 2), i -> 2 * i).size());
        assertEquals(2, calls.getAndSet(0), e + " settle");
        assertEquals(1, under.all(() -> 1, () -> 2).first());
        assertEquals(2, calls.getAndSet(0), e + " all");
        assertEquals(7, under.any(() -> 7));
        assertEquals(1, calls.getAndSet(0), e + " any");
        try (var done = under.asCompleted(List.of(1, 2), i -> i)) {
          int sum = 0;
          for (var c : done) sum += c.outcome().orThrow();
          assertEquals(3, sum);
        }
        assertEquals(2, calls.getAndSet(0), e + " asCompleted");
        int joined = under.scope(s -> s.fork(() -> 5).join());
        assertEquals(5, joined);
        assertEquals(1, calls.getAndSet(0), e + " fork");
        var thrown =
            assertThrows(
                IOException.class,
                () ->
                    under.<Integer, Integer, IOException>map(
                        List.of(1),
                        i -> {
                          throw new IOException("its own");
                        }));
        assertEquals("its own", thrown.getMessage());
      }
    }
  }

  private record Counting(AtomicInteger calls) implements Policy {
    @Override
    public <T, X extends Exception> T call(Work<T, X> work) throws X, InterruptedException {
      calls.incrementAndGet();
      return work.call();
    }
  }

  @Test
  void aDaemonIsNotUnderIt() throws Exception {
    var calls = new AtomicInteger();
    Tasks.with(new Counting(calls)).runScope(s -> s.start(r -> r.report("up")));
    assertEquals(0, calls.get());
  }

  @Test
  void aLimitIsAPolicy() throws Exception {
    Limit two = Limit.of(2);
    assertEquals(List.of(1, 2, 3), Tasks.with(two).map(List.of(1, 2, 3), i -> i));
    assertEquals(3, two.statistics().acquired());
    assertEquals(0, two.statistics().held());
  }

  @Test
  void aNamedPolicyIsInTheSnapshot() {
    Limit named = Limit.of(3).named("database");
    assertTrue(Tasks.snapshot().toText().contains("limit database  {capacity=3, held=0"));
    assertTrue(
        Tasks.snapshot().toJson().contains("\"name\":\"database\",\"figures\":{\"capacity\":3"));
    assertEquals(3, named.statistics().capacity());
  }

  @Test
  void workWithoutAResultDoesNotMindWhatAFallbackGives() throws Exception {
    for (Fallback<?> f : List.of(Fallback.to("text"), Fallback.<Object>to(null))) {
      f.<IOException>run(() -> {
        throw new IOException("down");
      });
      assertEquals(1, f.statistics().fellBack());
    }
  }
}
