package dev.brigade.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;

/** How many were at something at each moment, in steps. */
final class Levels {
  /** The times at which the number changes, and to what. */
  final long[] times;

  final int[] counts;
  final int peak;

  /** The number times how long, added up. */
  final double area;

  private Levels(long[] edges) {
    var at = new long[edges.length];
    var to = new int[edges.length];
    int n = 0;
    int level = 0;
    int highest = 0;
    double sum = 0;
    long before = 0;
    for (int i = 0; i < edges.length; ) {
      long time = edges[i] >> 1;
      sum += (double) level * (time - before);
      before = time;
      for (; i < edges.length && edges[i] >> 1 == time; i++) level += (edges[i] & 1) == 0 ? -1 : 1;
      highest = Math.max(highest, level);
      at[n] = time;
      to[n++] = level;
    }
    times = Arrays.copyOf(at, n);
    counts = Arrays.copyOf(to, n);
    peak = highest;
    area = sum;
  }

  private static final class Edges {
    private long[] all = new long[64];
    private int n;

    void add(long from, long to) {
      if (to <= from) return;
      if (n + 2 > all.length) all = Arrays.copyOf(all, 2 * all.length);
      all[n++] = from << 1 | 1;
      all[n++] = to << 1;
    }

    Levels levels() {
      long[] sorted = Arrays.copyOf(all, n);
      Arrays.sort(sorted);
      return new Levels(sorted);
    }
  }

  /** Begun and not ended. */
  static Levels inProgress(List<Activity> work) {
    return between(work, a -> a.started, a -> a.ended);
  }

  /** Handed to the engine and not begun. */
  static Levels queued(List<Activity> work) {
    return between(work, a -> a.forked, a -> a.ran() ? a.started : a.ended);
  }

  /** Waiting in one of the library's primitives. */
  static Levels waiting(List<Activity> work) {
    var edges = new Edges();
    for (Activity a : work) for (Activity.Wait w : a.waits) edges.add(w.from(), w.to());
    return edges.levels();
  }

  private static Levels between(
      List<Activity> work, ToLongFunction<Activity> from, ToLongFunction<Activity> to) {
    var edges = new Edges();
    for (Activity a : work) {
      long begin = from.applyAsLong(a);
      if (begin != Activity.NEVER) edges.add(begin, to.applyAsLong(a));
    }
    return edges.levels();
  }

  /** The highest level in each of so many slices of the time. */
  int[] highest(int slices, long scale) {
    var high = new int[slices];
    int level = 0;
    int from = 0;
    for (int i = 0; i <= times.length; i++) {
      int to = i < times.length ? slice(times[i], slices, scale) : slices - 1;
      for (int s = from; s <= to && s < slices; s++) high[s] = Math.max(high[s], level);
      if (i == times.length) break;
      level = counts[i];
      from = to;
      if (to < slices) high[to] = Math.max(high[to], level);
    }
    return high;
  }

  private static int slice(long at, int slices, long scale) {
    return (int) Math.min(slices - 1, (double) at / scale * slices);
  }

  /** The path of an area on a field of 1000 by 100. */
  String path(long scale, int top) {
    var points = new ArrayList<double[]>();
    if (times.length <= 1_000) {
      for (int i = 0; i < times.length; i++)
        points.add(new double[] {times[i] * 1000.0 / scale, counts[i]});
    } else {
      int[] high = highest(500, scale);
      for (int i = 0; i < high.length; i++) points.add(new double[] {i * 2, high[i]});
    }
    var path = new StringBuilder("M0 100");
    for (double[] p : points) {
      Markup.decimal(path.append('H'), Math.round(p[0] * 100) / 100.0);
      Markup.decimal(path.append('V'), Math.round((100 - p[1] * 100 / top) * 100) / 100.0);
    }
    return path.append("H1000V100z").toString();
  }
}
