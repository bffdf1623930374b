package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.models.ModelTime;
import dev.brigade.observe.Metered;
import dev.brigade.observe.Observer;
import dev.brigade.observe.Observers;
import dev.brigade.observe.PolicyEvent;
import dev.brigade.observe.TaskEvent;
import dev.brigade.task.Caller;
import dev.brigade.task.DeadlineException;
import dev.brigade.task.HangGuard;
import dev.brigade.task.Stuck;
import dev.brigade.task.Tasks;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Each policy has one text, whatever happens to it, with its name in it. */
@HangGuard
class PolicyLabelTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void saysKindConfigurationAndName() {
    assertLabel("limit 16 \"x\"", Limit.of(16).named("x"));
    assertLabel(
        "retry 3 (back-off 1 s) \"x\"",
        Retry.attempts(3).withBackoff(Backoff.constant(SECOND)).named("x"));
    assertLabel(
        "retry budget of 0.1 a call \"x\"", RetryBudget.ofShare(0.1).withFloor(0).named("x"));
    assertLabel("rate 10 per 1 s \"x\"", RateLimit.window(10, SECOND).named("x"));
    assertLabel("timeout 1 s \"x\"", Timeout.of(SECOND).named("x"));
    assertLabel("timeout 1 s \"x\"", Timeout.of(SECOND).named("x").onCancel(() -> {}));
    assertLabel("fallback \"x\"", Fallback.to(1).named("x"));
    assertLabel(
        "breaker 50 % of the last call, open 10 s \"x\"", CircuitBreaker.ofCalls(1).named("x"));
    assertLabel(
        "hedge after 1 s, extra 5 % + 3 \"x\"", Hedge.idempotent().after(SECOND).named("x"));
    assertLabel("single flight per key \"x\"", new SingleFlight<String>().named("x"));
    assertLabel("lock per key \"x\"", new KeyedLock<String>().named("x"));
    assertLabel("limit 2 per key \"x\"", KeyedLimit.<String>of(2).named("x"));
    assertLabel("limit as told per key \"x\"", KeyedLimit.of(String::length).named("x"));
  }

  private static void assertLabel(String expected, Object policy) {
    assertEquals(expected, policy.toString());
    if (policy instanceof Metered m) assertEquals("x", m.reading().name());
  }

  @Test
  void withoutANameItSaysWhatItIs() {
    assertEquals("limit 16", Limit.of(16).toString());
    assertEquals("timeout 1 s", Timeout.of(SECOND).toString());
    assertEquals("limit 2 per key", KeyedLimit.of(2).by(i -> i).toString());
  }

  @Test
  void doesNotChangeWithWhatGoesOn() throws Exception {
    var time = new ModelTime();
    var limit = Limit.of(1);
    var rate = RateLimit.window(1, SECOND, time);
    var breaker = CircuitBreaker.ofCalls(1).withTime(time);
    var locks = new KeyedLock<String>();
    var limits = KeyedLimit.<String>of(1);
    var flights = new SingleFlight<String>();
    var all = List.of(limit, rate, breaker, locks, limits, flights);
    List<String> before = all.stream().map(Object::toString).toList();
    var load = new Stuck();
    try (var _ = limit.acquire();
        var _ = locks.lock("k");
        var _ = limits.acquire("k")) {
      rate.acquire();
      assertThrows(IOException.class, () -> breaker.run(PolicyLabelTest::fail));
      var waiting = Caller.start(() -> limit.acquire());
      var loading = Caller.start(() -> flights.call("k", load::block));
      load.awaitBegun();
      Awaitility.await().until(() -> limit.statistics().waiting() == 1);
      assertEquals(before, all.stream().map(Object::toString).toList());
      waiting.interrupt();
      loading.interrupt();
      waiting.failure();
      loading.failure();
    }
    assertEquals(CircuitBreaker.State.OPEN, breaker.state());
  }

  private static void fail() throws IOException {
    throw new IOException("down");
  }

  // ---- refusals

  @Test
  void aFullLimitCountsAndTellsItsRefusals() throws Exception {
    var limit = Limit.of(1).maxWaiters(0).named("pool");
    try (var heard = new Heard(limit);
        var _ = limit.acquire()) {
      for (int i = 0; i < 3; i++) {
        var e = assertThrows(Limit.FullException.class, () -> limit.run(() -> {}));
        assertEquals("too many wait for limit 1 \"pool\": at most 0 may", e.getMessage());
      }
      var refused = PolicyEvent.Kind.REFUSED;
      assertEquals(List.of(refused, refused, refused), heard.kinds());
    }
    var s = limit.statistics();
    assertEquals(3, s.refused());
    assertEquals(0, s.gaveUp());
    assertEquals(1, s.acquired());
    assertEquals(0, s.held());
  }

  @Test
  void anObserverOfARefusalMayUseTheLimit() throws Exception {
    var limit = Limit.of(1).maxWaiters(0);
    var seen = new Limit.Statistics[1];
    // On another thread: under the limit's monitor that would wait for ever.
    Observer looks =
        new Observer() {
          @Override
          public void onEvent(TaskEvent event) {}

          @Override
          public void onPolicy(PolicyEvent event) {
            seen[0] = CompletableFuture.supplyAsync(limit::statistics).join();
          }
        };
    try (var _ = Observers.register(looks);
        var _ = limit.acquire()) {
      assertThrows(Limit.FullException.class, limit::acquire);
    }
    assertEquals(1, seen[0].held());
  }

  @Test
  void aFullKeyedLimitNamesTheKeyAndTellsUnderItsOneLabel() throws Exception {
    var limits = KeyedLimit.<String>of(1).withMaxWaiters(0).named("hosts");
    try (var heard = new Heard(limits);
        var _ = limits.acquire("example.org")) {
      var e = assertThrows(Limit.FullException.class, () -> limits.acquire("example.org"));
      String text = "too many wait for limit 1 \"hosts\" of example.org: at most 0 may";
      assertEquals(text, e.getMessage());
      assertEquals(List.of(PolicyEvent.Kind.REFUSED), heard.kinds());
      assertEquals(List.of(text), heard.details());
      assertEquals(1, limits.statistics().refused());
    }
    assertEquals(0, limits.statistics().keys());
    assertEquals(1, limits.statistics().refused());
  }

  @Test
  void aCallThatTimesOutIsTold() throws Exception {
    var timeout = Timeout.of(Duration.ofNanos(1)).named("short");
    try (var heard = new Heard(timeout)) {
      assertThrows(
          DeadlineException.class, () -> timeout.run(() -> Tasks.sleep(Duration.ofDays(1))));
      assertEquals(List.of(PolicyEvent.Kind.TIMED_OUT), heard.kinds());
      assertEquals(List.of("after 1 ns"), heard.details());
    }
    assertEquals(1, timeout.statistics().timedOut());
  }

  // ---- what is waited for

  private static String waitedFor(Caller<?> caller) {
    return Awaitility.await()
        .until(
            () -> {
              Object blocker = LockSupport.getBlocker(caller.thread());
              return blocker == null ? "" : blocker.toString();
            },
            text -> !text.isEmpty());
  }

  @Test
  void aWaitNamesTheLockAndTheKey() throws Exception {
    var locks = new KeyedLock<String>();
    var limits = KeyedLimit.<String>of(2).named("hosts");
    var flights = new SingleFlight<String>();
    var load = new Stuck();
    try (var _ = locks.lock("ACC-17");
        var _ = limits.acquire("example.org", 2)) {
      var lock = Caller.start(() -> locks.lock("ACC-17"));
      assertEquals("lock of ACC-17", waitedFor(lock));
      var limit = Caller.start(() -> limits.acquire("example.org"));
      assertEquals("limit 2 \"hosts\" of example.org", waitedFor(limit));
      var flight = Caller.start(() -> flights.call("page", load::block));
      load.awaitBegun();
      assertEquals("the shared load of page", waitedFor(flight));
      for (var c : List.of(lock, limit, flight)) {
        c.interrupt();
        c.failure();
      }
    }
  }

  @Test
  void longKeysAreCutAndControlCharactersNotShown() {
    assertEquals("a?b?c?d", Label.inWords("a\nb\u2028c\u202Ed"));
    assertEquals("x".repeat(60), Label.inWords("x".repeat(60)));
    assertEquals("x".repeat(60) + "…", Label.inWords("x".repeat(61)));
    assertEquals("?", Label.inWords("\uD83D"));
    String faces = "\uD83D\uDE00".repeat(100);
    assertEquals("\uD83D\uDE00".repeat(60) + "…", Label.inWords(faces));
    Object evil =
        new Object() {
          @Override
          public String toString() {
            throw new IllegalStateException("no text");
          }
        };
    assertTrue(Label.inWords(evil).startsWith(PolicyLabelTest.class.getName()));
  }

  @Test
  void copiesKeepTheName() {
    Duration second = Duration.ofSeconds(1);
    for (Object copy :
        List.of(
            Retry.attempts(3).named("mine").withMaxElapsed(second).retryIf(e -> true),
            CircuitBreaker.ofCalls(9).named("mine").withProbes(2).failIf(e -> true),
            Hedge.idempotent().after(second).named("mine").withExtraCalls(2).abandonAfter(second),
            Fallback.to("x").named("mine").onlyIf(e -> true).onlyFor(IOException.class),
            KeyedLimit.of(2).named("mine").withMaxWaiters(5),
            RateLimit.window(2, second).named("mine").withMaxWaiters(5),
            Timeout.of(second).named("mine").abandonAfter(second).onCancel(() -> {})))
      assertTrue(copy.toString().contains("\"mine\""), copy::toString);
  }
}
