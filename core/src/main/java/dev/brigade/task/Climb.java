package dev.brigade.task;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/*
 * Design. Rounds of as many items as the width: their goodput (successes per time) decides. While a
 * round brings clearly more than the best before, the width doubles; when it brings less, it goes back
 * to the best; failures of a tenth of a round halve it. Guarded by the monitor: all but the width.
 */
/** Doubles while that helps. */
final class Climb implements Pace {
  private static final double CLEARLY = 1.15;
  private static final int LEAST_ROUND = 16;

  private final int most;
  private volatile int width;
  private int done;
  private int failed;
  private long sinceNanos = System.nanoTime();
  private double bestGoodput;
  private int bestWidth;
  private boolean settled;
  private final List<Point> path = new ArrayList<>();

  Climb(int start, int most) {
    this.most = most;
    this.width = Math.min(start, most);
    this.bestWidth = width;
    path.add(new Point(sinceNanos, width));
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public void began() {}

  @Override
  public synchronized void ended(long nanos, @Nullable Throwable failure) {
    done++;
    if (failure != null) failed++;
    if (done < Math.max(LEAST_ROUND, width)) return;
    long now = System.nanoTime();
    double goodput = (done - failed) / (double) Math.max(1, now - sinceNanos);
    boolean failing = failed * 10 > done;
    done = 0;
    failed = 0;
    sinceNanos = now;
    if (failing) move(Math.max(1, width / 2));
    else if (!settled) climb(goodput);
  }

  private void climb(double goodput) {
    if (goodput > bestGoodput * CLEARLY) {
      bestGoodput = goodput;
      bestWidth = width;
      move((int) Math.min(most, 2L * width));
    } else {
      settled = true;
      move(bestWidth);
    }
  }

  private void move(int to) {
    if (to == width) return;
    width = to;
    path.add(new Point(System.nanoTime(), to));
  }

  @Override
  public synchronized void restart(int to) {
    done = 0;
    failed = 0;
    settled = false;
    bestGoodput = 0;
    bestWidth = Math.min(to, most);
    move(bestWidth);
  }

  @Override
  public synchronized List<Point> path() {
    return List.copyOf(path);
  }
}
