package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.observe.Observer;
import dev.brigade.observe.Observers;
import dev.brigade.observe.PolicyEvent;
import dev.brigade.observe.TaskEvent;
import dev.brigade.task.Caller;
import dev.brigade.task.Context;
import dev.brigade.task.DeadlineException;
import dev.brigade.task.HandClock;
import dev.brigade.task.HangGuard;
import dev.brigade.task.Stuck;
import dev.brigade.task.Tasks;
import dev.brigade.task.Work;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is first decides; what runs on is either awaited or counted. */
@HangGuard
class TimeoutTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final HandClock clock = new HandClock();
  private final Timeout timeout = Timeout.of(SECOND);

  @AfterEach
  void noFlagIsLeft() {
    assertFalse(Thread.currentThread().isInterrupted());
  }

  private void late() {
    clock.advance(SECOND.multipliedBy(2));
  }

  private static Timeout.Statistics counts(long calls, long timedOut, long overran) {
    return new Timeout.Statistics(calls, timedOut, overran, 0);
  }

  @Test
  void workInTimeIsLeftAlone() throws Exception {
    var thread = Thread.currentThread();
    assertSame(thread, timeout.call(Thread::currentThread));
    var own = new IOException("own");
    assertSame(
        own,
        assertThrows(
            IOException.class,
            () ->
                timeout.<Object, IOException>call(() -> {
                  throw own;
                })));
    assertEquals(counts(2, 0, 0), timeout.statistics());
  }

  @Test
  void workThatTakesTooLongIsInterruptedAndAwaited() throws Exception {
    var stuck = new Stuck();
    var e = onceBegun(stuck, () -> timeout.call(stuck::<Object>block));
    assertInstanceOf(InterruptedException.class, e.getSuppressed()[0]);
    assertEquals(1, stuck.ended());
    assertEquals(counts(1, 1, 0), timeout.statistics());
  }

  @Test
  void aValueThatComesTooLateIsReturnedAndTheOverrunCounted() throws Exception {
    long before = Tasks.snapshot().overruns();
    String value =
        Tasks.time(clock)
            .scope(_ ->
                timeout.call(() -> {
                  late();
                  return "value";
                }));
    assertEquals("value", value);
    assertEquals(before + 1, Tasks.snapshot().overruns());
    assertEquals(counts(1, 0, 1), timeout.statistics());
  }

  @Test
  void anErrorThatComesTooLatePassesAndAnyExceptionDoesNot() throws Exception {
    var error = new AssertionError("own");
    Tasks.time(clock)
        .runScope(_ -> {
          assertSame(
              error,
              assertThrows(
                  AssertionError.class,
                  () ->
                      timeout.call(() -> {
                        late();
                        throw error;
                      })));
          var reply = new IOException("closed");
          var e =
              assertThrows(
                  DeadlineException.class,
                  () ->
                      timeout.<Object, IOException>call(() -> {
                        late();
                        throw reply;
                      }));
          assertSame(reply, e.getSuppressed()[0]);
        });
    assertEquals(counts(2, 2, 0), timeout.statistics());
  }

  @Test
  void aDeadlineFurtherOutIsNotCountedAsItsOwn() {
    assertThrows(
        DeadlineException.class,
        () ->
            Tasks.time(clock)
                .within(Duration.ofMillis(1))
                .scope(_ ->
                    timeout.call(() -> {
                      late();
                      return new Stuck().block();
                    })));
    assertEquals(counts(1, 0, 0), timeout.statistics());
  }

  @Test
  void aDeadlineOfTheWorksOwnIsNotCountedAsTheTimeouts() {
    assertThrows(
        DeadlineException.class,
        () -> timeout.call(() -> Tasks.within(Duration.ZERO, () -> "never")));
    assertEquals(counts(1, 0, 0), timeout.statistics());
  }

  @Test
  void onCancelRunsOnceWhenTheTimeIsUpAndNotInTime() throws Exception {
    var closed = new AtomicInteger();
    Timeout closing = timeout.onCancel(closed::incrementAndGet);
    Tasks.time(clock)
        .runScope(_ -> {
          closing.call(() -> "in time");
          late();
          assertEquals(0, closed.get());
          assertEquals(0, clock.pendingAlarms());
          closing.call(() -> {
            late();
            return "late";
          });
        });
    Awaitility.await().until(() -> closed.get() > 0);
    assertEquals(1, closed.get());
    assertEquals(counts(2, 0, 1), timeout.statistics());
  }

  @Test
  void onCancelRunsWhenTheCallIsCancelledFromOutside() throws Exception {
    var closed = new CountDownLatch(1);
    var stuck = new Stuck();
    Timeout closing = Timeout.of(Duration.ofHours(1)).onCancel(closed::countDown);
    Tasks.runSupervised(s -> {
      var task = s.fork(() -> closing.call(stuck::<Object>block));
      stuck.awaitBegun();
      task.cancel("not wanted");
      closed.await();
      assertInstanceOf(dev.brigade.task.CancelledException.class, task.outcome().failureOrNull());
    });
    assertEquals(counts(1, 0, 0), closing.statistics());
  }

  @Test
  void anActionThatIsInterruptedItselfLeavesTheWorkItsInterrupt() throws Exception {
    var begun = new CountDownLatch(1);
    var stuck = new Stuck();
    Timeout closing = Timeout.of(Duration.ofHours(1)).onCancel(new CountDownLatch(1)::await);
    Tasks.runSupervised(s -> {
      var task =
          s.fork(() -> {
            begun.countDown();
            while (!Thread.currentThread().isInterrupted()) Thread.onSpinWait();
            return closing.call(stuck::<Object>block);
          });
      begun.await();
      task.cancel("not wanted");
      assertInstanceOf(dev.brigade.task.CancelledException.class, task.outcome().failureOrNull());
    });
    assertEquals(1, stuck.interrupts());
  }

  @Test
  void closingTheSocketEndsAReadThatNoInterruptReaches() throws Exception {
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var socket = new Socket(silent.getInetAddress(), silent.getLocalPort())) {
      // On a platform thread an interrupt does not reach a read of a socket.
      var caller =
          Caller.start(() ->
              Timeout.of(Duration.ofMillis(20))
                  .onCancel(socket::close)
                  .call(() -> socket.getInputStream().read()));
      var e = assertInstanceOf(DeadlineException.class, caller.failure());
      assertInstanceOf(java.net.SocketException.class, e.getSuppressed()[0]);
      assertFalse(caller.flagLeft());
    }
  }

  @Test
  void anActionThatBlocksHoldsUpNobodyElsesDeadline() throws Exception {
    var release = new CountDownLatch(1);
    Timeout blocking = Timeout.of(Duration.ofMillis(5)).onCancel(release::await);
    assertThrows(DeadlineException.class, () -> blocking.call(new Stuck()::<Object>block));
    Timeout other = Timeout.of(Duration.ofMillis(5));
    assertThrows(DeadlineException.class, () -> other.call(new Stuck()::<Object>block));
    release.countDown();
  }

  /** The time is up when the work has begun. */
  private DeadlineException onceBegun(Stuck work, Work<Object, Exception> call) throws Exception {
    return Tasks.time(clock)
        .scope(s -> {
          s.run(() -> {
            work.awaitBegun();
            late();
          });
          return assertThrows(DeadlineException.class, call::call);
        });
  }

  @Test
  void whatIgnoresInterruptsIsLeftBehindIfSoAskedAndCounted() throws Exception {
    var stubborn = new Stuck();
    var seen = Collections.synchronizedList(new ArrayList<PolicyEvent>());
    long before = Tasks.snapshot().abandoned();
    Timeout leaving = timeout.abandonAfter(Duration.ZERO);
    Observer noting =
        new Observer() {
          @Override
          public void onEvent(TaskEvent event) {}

          @Override
          public void onPolicy(PolicyEvent event) {
            seen.add(event);
          }
        };
    try (var _ = Observers.register(noting)) {
      onceBegun(stubborn, () -> leaving.call(stubborn::<Object>ignoreInterrupts));
    }
    assertEquals(0, stubborn.ended());
    assertEquals(before + 1, Tasks.snapshot().abandoned());
    assertEquals(new Timeout.Statistics(1, 1, 0, 1), leaving.statistics());
    assertEquals(
        List.of(PolicyEvent.Kind.TIMED_OUT, PolicyEvent.Kind.ABANDONED),
        seen.stream().map(e -> e.kind()).toList());
    stubborn.letGo();
    Awaitility.await().until(() -> Tasks.snapshot().abandoned() == before);
  }

  @Test
  void whatObeysItsInterruptWithinTheGraceIsNotAbandoned() throws Exception {
    var stuck = new Stuck();
    Timeout leaving = timeout.abandonAfter(Duration.ofHours(1));
    onceBegun(stuck, () -> leaving.call(stuck::<Object>block));
    assertEquals(1, stuck.ended());
    assertEquals(new Timeout.Statistics(1, 1, 0, 0), leaving.statistics());
  }

  @Test
  void theActionReachesWorkOnAnotherThreadToo() throws Exception {
    var stubborn = new Stuck();
    Timeout leaving = timeout.abandonAfter(Duration.ofHours(1)).onCancel(stubborn::letGo);
    Tasks.time(clock)
        .runScope(s -> {
          s.run(() -> {
            stubborn.awaitBegun();
            late();
          });
          assertNull(leaving.call(stubborn::<Object>ignoreInterrupts));
        });
    assertEquals(new Timeout.Statistics(1, 0, 1, 0), leaving.statistics());
  }

  private static final ScopedValue<String> REQUEST = ScopedValue.newInstance();

  @Test
  void whatMayBeAbandonedRunsOnAnotherThreadWithTheContextButNotTheThreadLocals() throws Exception {
    Timeout leaving = timeout.abandonAfter(Duration.ZERO);
    assertNotSame(Thread.currentThread(), leaving.call(Thread::currentThread));
    var local = new ThreadLocal<String>();
    local.set("the caller's");
    assertNull(leaving.call(local::get));
    local.remove();
    try (var _ = Context.inherit(REQUEST)) {
      assertEquals(
          "r1",
          ScopedValue.where(REQUEST, "r1")
              .<String, Exception>call(() -> leaving.call(REQUEST::get)));
    }
    var own = new IOException("own");
    assertSame(
        own,
        assertThrows(
            IOException.class,
            () ->
                leaving.<Object, IOException>call(() -> {
                  throw own;
                })));
    assertEquals(new Timeout.Statistics(4, 0, 0, 0), leaving.statistics());
  }

  @Test
  void anInterruptFromOutsideReachesWorkThatMayBeAbandoned() throws Exception {
    var stuck = new Stuck();
    Timeout leaving = Timeout.of(Duration.ofHours(1)).abandonAfter(Duration.ofHours(1));
    var caller = Caller.start(() -> leaving.call(stuck::<Object>block));
    stuck.awaitBegun();
    caller.interrupt();
    assertInstanceOf(InterruptedException.class, caller.failure());
    assertEquals(1, stuck.interrupts());
    assertEquals(counts(1, 0, 0), leaving.statistics());
  }

  @Test
  void aTimeoutInOneThatIsNotLongerIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> timeout.then(Timeout.of(timeout.length())));
    for (int inner : new int[] {1, 2})
      assertThrows(
          IllegalArgumentException.class,
          () -> Policy.of(timeout, Limit.of(1), Timeout.of(Duration.ofSeconds(inner))));
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> timeout.then(Timeout.of(Duration.ofDays(1))));
    assertEquals(
        "[timeout 1 s] outside [timeout 24 hours]: the inner one would never strike; write the"
            + " longer one outside",
        e.getMessage());
    assertEquals(
        "timeout 2 s > timeout 1 s", Timeout.of(Duration.ofSeconds(2)).then(timeout).toString());
  }

  @Test
  void misuseIsRefusedAndItReadsWell() {
    for (Duration d :
        List.of(Duration.ZERO, Duration.ofNanos(-1), Duration.ofSeconds(Long.MIN_VALUE)))
      assertThrows(IllegalArgumentException.class, () -> Timeout.of(d));
    assertThrows(NullPointerException.class, () -> Timeout.of(null));
    assertThrows(NullPointerException.class, () -> timeout.onCancel(null));
    assertThrows(IllegalArgumentException.class, () -> timeout.abandonAfter(Duration.ofNanos(-1)));
    assertEquals(
        "timeout 1 s (abandoned after 20 ms)",
        timeout.abandonAfter(Duration.ofMillis(20)).toString());
    Timeout named = timeout.named("users");
    assertTrue(Tasks.snapshot().toText().contains("timeout users  {calls=0"));
    assertSame(timeout, named);
    assertEquals(SECOND, timeout.length());
  }

  @Test
  void aVeryLongOneNeverStrikes() throws Exception {
    assertEquals(1, Timeout.of(Duration.ofSeconds(Long.MAX_VALUE)).call(() -> 1));
  }
}
