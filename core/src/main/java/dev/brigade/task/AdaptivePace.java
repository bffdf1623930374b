package dev.brigade.task;

import dev.brigade.policy.AdaptiveLimit;
import java.util.ArrayList;
import java.util.List;

/** A pace that an adaptive limit sets, in real time. */
final class AdaptivePace implements Pace {
  private static final int POINTS = 64;

  private final int most;
  private volatile ElasticWidth width;
  private final List<Point> path = new ArrayList<>();
  private int every = 1;
  private int seen;
  private volatile int latest;

  AdaptivePace(int start, int most) {
    this.most = most;
    this.width = AdaptiveLimit.of(most).startingAt(start).width();
    note();
  }

  @Override
  public int width() {
    return width.limit();
  }

  @Override
  public ElasticWidth.Turn begin() {
    ElasticWidth.Turn turn = width.begin();
    return failure -> {
      turn.ended(failure);
      if (width.limit() != latest) note();
    };
  }

  @Override
  public void restart(int start) {
    width = AdaptiveLimit.of(most).startingAt(start).width();
    note();
  }

  /** Keeps every move at first, and then fewer and fewer. */
  private synchronized void note() {
    int now = width.limit();
    latest = now;
    if (seen++ % every != 0) return;
    path.add(new Point(System.nanoTime(), now));
    if (path.size() < POINTS) return;
    for (int i = POINTS - 1; i > 0; i -= 2) path.remove(i);
    every *= 2;
  }

  @Override
  public synchronized List<Point> path() {
    return List.copyOf(path);
  }
}
