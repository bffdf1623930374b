package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Where {@link Gatherers#mapConcurrent} goes wrong, and what happens here instead. */
@HangGuard
class PeerDefectsOfMapConcurrentTest {
  private static final class Item extends IllegalStateException {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void aFailureBehindASlowHeadSurfacesAtOnce() throws Exception {
    var slowHead = new Stuck();
    var failed = new CountDownLatch(1);
    var theirs =
        Caller.start(() ->
            Stream.of(0, 1)
                .gather(Gatherers.mapConcurrent(2, i -> i == 0 ? head(slowHead) : bad(failed)))
                .toList());
    slowHead.awaitBegun();
    failed.await();
    // The item has failed; its caller goes on waiting for the head, which nobody interrupts.
    Awaitility.await().until(() -> theirs.thread().getState() == Thread.State.WAITING);
    assertTrue(theirs.thread().isAlive());
    assertEquals(0, slowHead.interrupts());
    slowHead.letGo();
    assertInstanceOf(RuntimeException.class, theirs.failure());
    assertEquals(0, slowHead.interrupts());

    var ours = new Stuck();
    Fn<Integer, Integer, RuntimeException> f =
        i -> {
          if (i == 0) return ours.block();
          ours.awaitBegun();
          throw new Item();
        };
    for (boolean lazy : new boolean[] {false, true}) {
      FanOut two = Tasks.limit(2);
      var caller =
          Caller.start(() -> lazy ? two.map(Stream.of(0, 1), f) : two.map(List.of(0, 1), f));
      assertInstanceOf(Item.class, caller.failure());
    }
    assertEquals(2, ours.interrupts());
  }

  private static int head(Stuck stuck) {
    stuck.ignoreInterrupts();
    return 0;
  }

  private static int bad(CountDownLatch failed) {
    failed.countDown();
    throw new Item();
  }

  @Test
  void theCallersInterruptStopsTheWork() throws Exception {
    var theirWork = new Stuck();
    var theirs =
        Caller.start(
            () -> Stream.of(0).gather(Gatherers.mapConcurrent(1, i -> head(theirWork))).toList());
    theirWork.awaitBegun();
    theirs.interrupt();
    Awaitility.await().until(() -> theirs.thread().getState() == Thread.State.WAITING);
    // Its caller was interrupted; the work was not, and the caller waits on.
    assertEquals(0, theirWork.interrupts());
    assertTrue(theirs.thread().isAlive());
    theirWork.letGo();
    theirs.outcome();

    var ours = new Stuck();
    var caller = Caller.start(() -> Tasks.map(Stream.of(0), i -> ours.block()));
    ours.awaitBegun();
    caller.interrupt();
    assertInstanceOf(InterruptedException.class, caller.failure());
    assertEquals(1, ours.interrupts());
    assertFalse(caller.flagLeft());
  }
}
