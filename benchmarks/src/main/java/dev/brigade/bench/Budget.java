package dev.brigade.bench;

import java.time.Duration;

/** Divides the time of a bench evenly over the parts that it still has to run. */
public final class Budget {
  private final long endNanos;
  private int parts;

  public Budget(Duration whole, int parts) {
    this.endNanos = System.nanoTime() + whole.toNanos();
    this.parts = parts;
  }

  /**
   * The next part's share of what is left: what earlier parts did not use goes to the later ones.
   */
  public Duration next() {
    long left = Math.max(0, endNanos - System.nanoTime());
    return Duration.ofNanos(left / Math.max(1, parts--));
  }

  /** When a process started now must be killed. */
  public Duration kill() {
    long left = Math.max(0, endNanos - System.nanoTime());
    return Duration.ofNanos(left).plus(Plan.GRACE);
  }
}
