package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.observe.Observers;
import dev.brigade.policy.Limit;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** What is refused names the parameter, the rule and the value. */
class WrongUseTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @TestFactory
  Stream<DynamicTest> nullIsRefusedByName() {
    Map<String, Executable> calls = new LinkedHashMap<>();
    calls.put("items", () -> Tasks.map((Iterable<Integer>) null, i -> i));
    calls.put("items ", () -> Tasks.map((Stream<Integer>) null, i -> i));
    calls.put("f", () -> Tasks.map(List.of(1), null));
    calls.put("f ", () -> Tasks.forEach(List.of(1), null));
    calls.put("f  ", () -> Tasks.settle(List.of(1), null));
    calls.put("f   ", () -> Tasks.quorum(1, List.of(1), null));
    calls.put("f    ", () -> Tasks.asCompleted(List.of(1), null));
    calls.put("combine", () -> Tasks.mapReduce(List.of(1), i -> i, 0, null));
    calls.put("engine", () -> Tasks.on(null));
    calls.put(
        "engine ", () -> Tasks.runScope(s -> s.fork((dev.brigade.engine.Engine) null, () -> 1)));
    calls.put("name", () -> Tasks.named(null));
    calls.put("name ", () -> Tasks.runScope(s -> s.fork((String) null, () -> 1)));
    calls.put("time", () -> Tasks.time(null));
    calls.put("token", () -> Tasks.cancelledBy(null));
    calls.put("body", () -> Tasks.scope(null));
    calls.put("body ", () -> Tasks.supervise(null));
    calls.put("work", () -> Tasks.within(HOUR, null));
    calls.put("work ", () -> Tasks.shield(HOUR, null));
    calls.put("work  ", () -> Tasks.runScope(s -> s.fork((Work<Integer, ?>) null)));
    calls.put("work   ", () -> Tasks.runScope(s -> s.daemon(null)));
    calls.put("timeout", () -> Tasks.within((Duration) null, () -> 1));
    calls.put("timeout ", () -> Tasks.within((Duration) null));
    calls.put("timeout  ", () -> Tasks.runScope(s -> s.await(TaskScope.Until.ALL, null)));
    calls.put("until", () -> Tasks.runScope(s -> s.await(null, HOUR)));
    calls.put("budget", () -> Tasks.shield(null, () -> 1));
    calls.put("grace", () -> Tasks.abandonAfter(null));
    calls.put("grace ", () -> Tasks.runSupervised(s -> s.fork(() -> 1).cancel("r", null)));
    calls.put("reason", () -> Tasks.runScope(s -> s.cancel((String) null)));
    calls.put("reason ", () -> new CancelSource().cancel((String) null));
    calls.put("callback", () -> CancelToken.never().onCancel(null));
    calls.put("callback ", () -> new CancelSource().token().onCancel(null));
    calls.put("callback  ", () -> Tasks.runScope(s -> s.fork(() -> 1).onDone(null)));
    calls.put("after", () -> CancelToken.timeout(null));
    calls.put("token ", () -> CancelToken.any((CancelToken) null));
    calls.put("observer", () -> Observers.register(null));
    calls.put("value", () -> Context.inherit(null));
    calls.put("capture", () -> Context.capture(null));
    calls.put("when", () -> new Guarded<>(1).callWhen(null, i -> i));
    calls.put("timeout   ", () -> Limit.of(1).tryAcquire(1, null));
    calls.put("time ", () -> Limit.of(1, null));
    return calls.entrySet().stream()
        .map(e ->
            DynamicTest.dynamicTest(
                e.getKey(),
                () -> {
                  var x = assertThrows(NullPointerException.class, e.getValue());
                  String message = String.valueOf(x.getMessage());
                  assertTrue(message.startsWith(e.getKey().trim()), message);
                }));
  }

  @TestFactory
  Stream<DynamicTest> aValueOutOfRangeIsRefusedWithTheRule() {
    Map<String, Executable> calls = new LinkedHashMap<>();
    calls.put("limit must be at least 1, but was 0", () -> Tasks.limit(0));
    calls.put("limit must be at least 1, but was -5", () -> Tasks.limit(-5));
    calls.put("k must be at least 1, but was 0", () -> Tasks.quorum(0, List.of(1), i -> i));
    calls.put("capacity must be at least 1, but was 0", () -> Limit.of(0));
    calls.put("capacity must be at least 1, but was -1", () -> Limit.of(1).resize(-1));
    calls.put("weight must be at least 1, but was 0", () -> Limit.of(1).acquire(0));
    calls.put("weight must be at least 1, but was -1", () -> Limit.of(1).tryAcquire(-1));
    calls.put("maxWaiters must not be negative, but was -1", () -> Limit.of(1).maxWaiters(-1));
    calls.put(
        "budget must be more than zero, but was PT0S", () -> Tasks.shield(Duration.ZERO, () -> 1));
    calls.put(
        "budget must be more than zero, but was PT-1S",
        () -> Tasks.shieldApart(Duration.ofSeconds(-1), () -> 1));
    return calls.entrySet().stream()
        .map(e ->
            DynamicTest.dynamicTest(
                e.getKey(),
                () ->
                    assertEquals(
                        e.getKey(),
                        assertThrows(IllegalArgumentException.class, e.getValue()).getMessage())));
  }

  @Test
  void aNullBranchStartsNothing() {
    var begun = new Stuck();
    assertThrows(NullPointerException.class, () -> Tasks.all(begun::block, null));
    assertEquals(0, begun.ended());
  }

  @Test
  void aQuorumOfMoreThanThereAreSaysBothNumbers() {
    var e =
        assertThrows(IllegalArgumentException.class, () -> Tasks.quorum(5, List.of(1, 2), i -> i));
    assertTrue(e.getMessage().contains("5") && e.getMessage().contains("2"), e::getMessage);
  }

  @Test
  void anOpenFormRefusesADeadlineOfItsOwnAndSaysWhatToDo() {
    var e =
        assertThrows(
            IllegalStateException.class,
            () -> Tasks.within(HOUR).asCompleted(List.of(1), i -> i).close());
    assertTrue(e.getMessage().contains("Tasks.within"), e::getMessage);
  }

  @Test
  void awaitingOnAnotherThreadsWaiterIsRefused() throws Exception {
    var waiter = new Waiter();
    Throwable e = Caller.start(() -> waiter.await("x", Long.MAX_VALUE)).failure();
    assertEquals(IllegalStateException.class, e.getClass());
    assertTrue(e.getMessage().contains(Thread.currentThread().getName()), e::getMessage);
  }
}
