package dev.brigade.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.measure.Probe.Doing;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** What is made of looks at threads: here the looks are written by hand. */
class WatchTest {
  private static final long MILLI = 1_000_000;

  private long now = 1;
  private final List<Hand> hands = new ArrayList<>();
  private final Watch watch = new Watch(new Hands(), 2, () -> now);

  /** A thread whose figures a test sets. */
  private final class Hand implements Probe {
    long cpu = 7 * MILLI;
    long queued = 3 * MILLI;
    long waits;
    Doing doing = Doing.RUNNING;
    boolean closed;
    long keepsItsReaderMillis;

    @Override
    public Look look() {
      now += keepsItsReaderMillis * MILLI;
      return new Look(cpu, queued, waits, doing);
    }

    @Override
    public void close() {
      closed = true;
    }

    void did(long cpuMillis, long queuedMillis, Doing next) {
      cpu += cpuMillis * MILLI;
      queued += queuedMillis * MILLI;
      doing = next;
    }
  }

  private final class Hands implements Probes {
    @Override
    public Probe here() {
      hands.add(new Hand());
      return hands.getLast();
    }

    @Override
    public String caveat() {
      return "by hand";
    }
  }

  private Figures after(long millis) {
    now += millis * MILLI;
    return Objects.requireNonNull(watch.look());
  }

  @Test
  void timeInTheQueueForACoreIsNotWaiting() {
    watch.enter().begins();
    hands.getFirst().did(10, 90, Doing.RUNNING);
    Figures f = after(100);
    assertEquals(1, f.busy());
    assertEquals(0, f.waitedNanos());
    assertEquals(90 * MILLI, f.queuedNanos());
  }

  @Test
  void whatIsNotYetAccountedForIsNotWaiting() {
    watch.enter().begins();
    // Runs, or is queued, and the system has not noted it yet.
    assertEquals(1, after(50).busy());
    hands.getFirst().did(0, 0, Doing.RUNNING);
    assertEquals(0, after(50).waitedNanos());
    hands.getFirst().did(20, 80, Doing.RUNNING);
    assertEquals(1, after(1).busy());
  }

  @Test
  void waitingIsSeenWhenItIsExact() {
    watch.enter().begins();
    hands.getFirst().did(5, 0, Doing.WAITING);
    Figures f = after(25);
    assertEquals(20 * MILLI, f.waitedNanos());
    assertEquals(0.2, f.busy(), 1e-9);
    assertEquals(0, f.lockedShare());
  }

  @Test
  void aStopOfTheJvmIsNoWaiting() {
    watch.enter().begins();
    hands.getFirst().did(5, 0, Doing.STOPPED);
    assertEquals(1, after(25).busy());
    hands.getFirst().did(0, 0, Doing.WAITING);
    Figures f = after(25);
    assertEquals(25 * MILLI, f.waitedNanos());
    assertEquals(5 * MILLI, f.cpuNanos());
  }

  @Test
  void waitingForALockIsToldApart() {
    var one = watch.enter();
    var two = watch.enter();
    one.begins();
    two.begins();
    hands.get(0).did(10, 0, Doing.RUNNING);
    hands.get(1).did(0, 0, Doing.LOCKED);
    Figures f = after(10);
    assertEquals(0.5, f.lockedShare(), 1e-9);
    assertEquals(2, f.looks());
    assertEquals(1, f.lockedLooks());
    assertTrue(watch.lockedAt().contains(".java:"), watch.lockedAt());
    one.leave();
    two.leave();
  }

  @Test
  void whatAThreadWaitsForBetweenItemsIsOurs() {
    var one = watch.enter();
    watch.enter().begins();
    one.begins();
    one.ended(1);
    for (Doing ours : new Doing[] {Doing.LOCKED, Doing.WAITING}) {
      hands.get(0).did(0, 0, ours);
      Figures f = after(10);
      assertEquals(0, f.lockedLooks());
      assertEquals(0, f.waitedNanos());
      assertEquals(1, f.busy());
    }
    one.begins();
    hands.get(0).did(0, 0, Doing.LOCKED);
    assertEquals(1, after(10).lockedLooks());
  }

  @Test
  void timeThatPassesWhileOneLooksIsNotWaitedByWhomItLooksAt() {
    watch.enter().begins();
    Hand hand = hands.getFirst();
    hand.did(5, 0, Doing.WAITING);
    hand.keepsItsReaderMillis = 300;
    assertEquals(20 * MILLI, after(25).waitedNanos());
  }

  @Test
  void theFirstItemsAreForgotten() {
    watch.enter().begins();
    hands.getFirst().did(500, 0, Doing.RUNNING);
    assertEquals(1, after(500).busy());
    for (int i = 0; i < 40; i++) {
      hands.getFirst().did(0, 0, Doing.WAITING);
      now += 20 * MILLI;
      assertNotNull(watch.look());
    }
    assertTrue(watch.sofar().busy() < 0.05, watch.sofar().toString());
    assertEquals(500 * MILLI, watch.sofar().cpuNanos());
  }

  @Test
  void whoHasLeftStillCounts() {
    var member = watch.enter();
    member.begins();
    member.ended(3);
    member.begins();
    hands.getFirst().did(4, 0, Doing.WAITING);
    now += 8 * MILLI;
    member.leave();
    member.leave();
    assertTrue(hands.getFirst().closed);
    Figures f = watch.sofar();
    assertEquals(3, f.items());
    assertEquals(8 * MILLI, f.wallNanos());
    assertEquals(4 * MILLI, f.waitedNanos());
  }

  @Test
  void looksAreRationed() {
    watch.enter().begins();
    assertNull(watch.look());
    now += MILLI;
    assertNotNull(watch.look());
    assertNull(watch.look());
  }

  @Test
  void latchesAreNotLocks() throws Exception {
    assertTrue(Doings.isLock(blockerOf(new ReentrantLock())));
    var done = new java.util.concurrent.CountDownLatch(1);
    Thread waiting = Thread.ofPlatform().start(() -> awaitQuietly(done));
    while (waiting.getState() != Thread.State.WAITING) Thread.onSpinWait();
    assertEquals(Doing.WAITING, Doings.of(waiting));
    done.countDown();
    waiting.join();
    assertEquals(Doing.GONE, Doings.of(waiting));
  }

  private static Object blockerOf(ReentrantLock lock) throws InterruptedException {
    Thread waiting;
    Object blocker;
    lock.lock();
    try {
      waiting = Thread.ofPlatform().start(() -> lockOnce(lock));
      while (waiting.getState() != Thread.State.WAITING) Thread.onSpinWait();
      assertEquals(Doing.LOCKED, Doings.of(waiting));
      blocker = java.util.concurrent.locks.LockSupport.getBlocker(waiting);
    } finally {
      lock.unlock();
    }
    waiting.join();
    return blocker;
  }

  private static void lockOnce(ReentrantLock lock) {
    lock.lock();
    try {
      assertTrue(lock.isHeldByCurrentThread());
    } finally {
      lock.unlock();
    }
  }

  private static void awaitQuietly(java.util.concurrent.CountDownLatch done) {
    try {
      done.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theMachinesProbeTellsWaitingFromRunning() throws Exception {
    for (Probes probes : List.of(Probes.ofMachine(), new StateProbe.All())) {
      var ready = new java.util.concurrent.CountDownLatch(1);
      var go = new java.util.concurrent.CountDownLatch(1);
      var probe = new Probe[1];
      Thread thread =
          Thread.ofPlatform()
              .start(() -> {
                probe[0] = probes.here();
                ready.countDown();
                awaitQuietly(go);
              });
      ready.await();
      while (thread.getState() != Thread.State.WAITING) Thread.onSpinWait();
      assertEquals(Doing.WAITING, probe[0].look().doing());
      try (Probe own = probes.here()) {
        assertEquals(Doing.RUNNING, own.look().doing());
      }
      go.countDown();
      thread.join();
      assertEquals(Doing.GONE, probe[0].look().doing());
      probe[0].close();
    }
  }
}
