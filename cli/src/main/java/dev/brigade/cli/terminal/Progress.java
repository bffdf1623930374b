package dev.brigade.cli.terminal;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How far a long run is, on a {@link StatusLine}: not in the first second, and at most ten times a
 * second. Any thread may advance it; closing wipes the line.
 */
public final class Progress implements AutoCloseable {
  private static final long FIRST_NANOS = 1_000_000_000;
  private static final long AGAIN_NANOS = 100_000_000;
  private static final int COLUMNS = 30;

  private final StatusLine line;
  private final String what;
  private final double total;
  private final LongSupplier clock;
  private final long start;
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong due = new AtomicLong(FIRST_NANOS);

  /** Begins with nothing done of {@code total}. */
  public Progress(Terminal terminal, String what, long total) {
    this(terminal, what, total, System::nanoTime);
  }

  Progress(Terminal terminal, String what, long total, LongSupplier clock) {
    this.line = new StatusLine(terminal);
    this.what = what;
    this.total = total;
    this.clock = clock;
    this.start = clock.getAsLong();
  }

  /** So much more is done. */
  public void advance(long amount) {
    long now = done.addAndGet(amount);
    long elapsed = clock.getAsLong() - start;
    long next = due.get();
    if (elapsed >= next && due.compareAndSet(next, elapsed + AGAIN_NANOS)) draw(now, elapsed);
  }

  private void draw(long now, long elapsed) {
    double share = now / total;
    String left = Figures.seconds(elapsed / 1e9 * (1 - share) / share) + " left";
    line.show(
        what + "  " + Bar.ofProgress(share, COLUMNS) + "  " + Figures.percent(share) + ", " + left);
  }

  /** How much is done. */
  public long done() {
    return done.get();
  }

  @Override
  public void close() {
    line.close();
  }
}
