package dev.brigade.task;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Work that blocks until it is interrupted or let go, and counts what happened to it. */
public final class Stuck {
  private final CountDownLatch begun;
  private final CountDownLatch release = new CountDownLatch(1);
  private final AtomicInteger interrupts = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();

  /** For one piece of work. */
  public Stuck() {
    this(1);
  }

  /** For several; {@link #awaitBegun} waits for all of them. */
  public Stuck(int pieces) {
    begun = new CountDownLatch(pieces);
  }

  /** Blocks; returns null only when let go. */
  public <T> T block() throws InterruptedException {
    begun.countDown();
    try {
      release.await();
      return null;
    } catch (InterruptedException e) {
      interrupts.incrementAndGet();
      throw e;
    } finally {
      ended.incrementAndGet();
    }
  }

  /**
   * Blocks, and ignores interrupts until let go; the flag is then as the last interrupt left it.
   */
  public <T> T ignoreInterrupts() {
    begun.countDown();
    boolean flag = false;
    while (true) {
      try {
        release.await();
        break;
      } catch (InterruptedException e) {
        interrupts.incrementAndGet();
        flag = true;
      }
    }
    ended.incrementAndGet();
    if (flag) Thread.currentThread().interrupt();
    return null;
  }

  /** Waits until every piece has begun. */
  public void awaitBegun() throws InterruptedException {
    begun.await();
  }

  /** Lets all pieces return. */
  public void letGo() {
    release.countDown();
  }

  /** How many were interrupted. */
  public int interrupts() {
    return interrupts.get();
  }

  /** How many have ended. */
  public int ended() {
    return ended.get();
  }
}
