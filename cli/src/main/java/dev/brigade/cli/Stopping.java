package dev.brigade.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Runs when the program is told to end, by Ctrl-C for one: interrupts the command, which cancels
 * what it has started, cleans up and ends; the JVM waits for that, within reason.
 */
final class Stopping extends Thread {
  private static final long PATIENCE_SECONDS = 5;

  private final Thread command;
  private final CountDownLatch ended = new CountDownLatch(1);

  Stopping(Thread command) {
    super("stopping");
    this.command = command;
  }

  /** The command has ended by itself. */
  void ended() {
    ended.countDown();
  }

  @Override
  public void run() {
    if (ended.getCount() == 0) return;
    command.interrupt();
    try {
      boolean unused = ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
