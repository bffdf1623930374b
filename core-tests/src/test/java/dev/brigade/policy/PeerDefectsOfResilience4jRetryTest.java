package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.brigade.task.Caller;
import dev.brigade.task.HangGuard;
import dev.brigade.task.Stuck;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Where the retry of Resilience4j goes wrong, and what happens here instead. */
@HangGuard
class PeerDefectsOfResilience4jRetryTest {
  @Test
  void anInterruptEndsTheCallInsteadOfBeingRepeated() throws Exception {
    var theirs =
        io.github.resilience4j.retry.Retry.of(
            "theirs",
            RetryConfig.custom().maxAttempts(2).waitDuration(Duration.ofMillis(1)).build());
    var theirCalls = new AtomicInteger();
    var begun = new CountDownLatch(1);
    var theirCaller =
        Caller.start(() ->
            theirs.executeCallable(() -> {
              if (theirCalls.incrementAndGet() == 2) return "again";
              begun.countDown();
              return new Stuck().block();
            }));
    begun.await();
    theirCaller.interrupt();
    // The work was told to stop, and was done all over again.
    assertEquals("again", theirCaller.outcome().orThrow());
    assertEquals(2, theirCalls.get());
    assertFalse(theirCaller.flagLeft());

    Retry ours = Retry.attempts(2).withBackoff(Backoff.constant(Duration.ofMillis(1)));
    var stuck = new Stuck();
    var caller = Caller.start(() -> ours.call(stuck::<Object>block));
    stuck.awaitBegun();
    caller.interrupt();
    assertInstanceOf(InterruptedException.class, caller.failure());
    assertEquals(1, stuck.ended());
    assertFalse(caller.flagLeft());
  }

  @Test
  void earlierFailuresAreKept() {
    var theirs =
        io.github.resilience4j.retry.Retry.of(
            "theirs",
            RetryConfig.custom().maxAttempts(3).waitDuration(Duration.ofMillis(1)).build());
    var lost =
        assertThrows(
            IllegalStateException.class,
            () -> theirs.executeRunnable(PeerDefectsOfResilience4jRetryTest::fail));
    assertEquals(0, lost.getSuppressed().length);

    Retry ours = Retry.attempts(3).withBackoff(Backoff.none());
    var kept =
        assertThrows(
            IllegalStateException.class, () -> ours.run(PeerDefectsOfResilience4jRetryTest::fail));
    assertEquals(2, kept.getSuppressed().length);
  }

  private static void fail() {
    throw new IllegalStateException("a failure");
  }
}
