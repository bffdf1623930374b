package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Where {@link CompletableFuture} goes wrong, and what happens here instead. */
@HangGuard
class PeerDefectsOfCompletableFutureTest {
  @Test
  void cancelInterruptsTheRunningWork() throws Exception {
    var theirs = new Stuck();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var future = CompletableFuture.runAsync(() -> unchecked(theirs), threads);
      theirs.awaitBegun();
      assertTrue(future.cancel(true));
      // Cancelled, it says, and the work has not even been told.
      assertTrue(future.isDone());
      assertEquals(0, theirs.interrupts());
      assertEquals(0, theirs.ended());
      theirs.letGo();
    }
    assertEquals(0, theirs.interrupts());

    var ours = new Stuck();
    Tasks.runSupervised(s -> {
      var task = s.fork(ours::block);
      ours.awaitBegun();
      task.cancel("no longer wanted");
      assertInstanceOf(Outcome.Cancelled.class, task.outcome());
    });
    assertEquals(1, ours.interrupts());
    assertEquals(1, ours.ended());
  }

  @Test
  void theFailureOfOneCancelsTheOthersInsteadOfLeavingThemBehind() throws Exception {
    var theirs = new Stuck();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var slow = CompletableFuture.runAsync(() -> unchecked(theirs), threads);
      theirs.awaitBegun();
      var bad = CompletableFuture.failedFuture(new IllegalStateException("bad"));
      var both = CompletableFuture.allOf(slow, bad);
      assertEquals(false, both.isDone());
      assertEquals(0, theirs.interrupts());
      theirs.letGo();
    }

    var ours = new Stuck();
    var caller =
        Caller.start(() ->
            Tasks.all(
                ours::block,
                () -> {
                  ours.awaitBegun();
                  throw new IllegalStateException("bad");
                }));
    assertInstanceOf(IllegalStateException.class, caller.failure());
    assertEquals(1, ours.interrupts());
  }

  private static void unchecked(Stuck stuck) {
    try {
      stuck.block();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
