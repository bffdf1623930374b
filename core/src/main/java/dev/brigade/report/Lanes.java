package dev.brigade.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * What is drawn in which row. Rows are by name or by thread; what overlaps in a row gets further
 * rows under it. Where there are too many threads to tell apart, rows are places: as many as were
 * in use at once.
 */
final class Lanes {
  /** Up to so many tasks each get a row of their own, with the time before they began. */
  private static final int ROWS_OF_TASKS = 40;

  /** More rows than this nobody can follow. */
  static final int MOST = 64;

  /** As many bars as are drawn one by one. */
  static final int BARS = 2_000;

  /** One row. */
  static final class Lane {
    final String label;
    final List<Activity> work = new ArrayList<>();
    private long until = Long.MIN_VALUE;

    Lane(String label) {
      this.label = label;
    }
  }

  final List<Lane> all = new ArrayList<>();

  /** Whether rows are tasks, so that the time before they began belongs to them. */
  final boolean byTask;

  private final int bars;

  private Lanes(List<Activity> work, boolean byTask, Function<Activity, String> row) {
    this.byTask = byTask;
    Map<String, List<Lane>> rows = new LinkedHashMap<>();
    int drawn = 0;
    for (Activity a : work) {
      drawn += 1 + a.waits.size();
      List<Lane> lanes = rows.computeIfAbsent(row.apply(a), r -> new ArrayList<>());
      place(a, lanes, row.apply(a));
    }
    this.bars = drawn;
    rows.values().forEach(all::addAll);
  }

  private static void place(Activity a, List<Lane> lanes, String label) {
    long from = a.ran() ? a.started : a.forked;
    Lane free = null;
    for (Lane lane : lanes) {
      if (lane.until > from) continue;
      free = lane;
      break;
    }
    if (free == null) {
      free = new Lane(label);
      lanes.add(free);
    }
    free.work.add(a);
    free.until = a.ended;
  }

  /** As suits the number of tasks. */
  static Lanes of(History history) {
    return history.work.size() <= ROWS_OF_TASKS ? byTask(history) : byThread(history);
  }

  /** A row for each name; one that comes again when the one before has ended goes on in its row. */
  static Lanes byTask(History history) {
    return new Lanes(history.work, true, a -> a.name);
  }

  /** A row for each thread, or for each place where there are many. */
  static Lanes byThread(History history) {
    var ran = new ArrayList<Activity>();
    Set<String> threads = new LinkedHashSet<>();
    for (Activity a : history.work) {
      if (!a.ran()) continue;
      ran.add(a);
      threads.add(a.thread);
    }
    ran.sort((a, b) -> Long.compare(a.started, b.started));
    if (threads.size() <= MOST) return new Lanes(ran, false, a -> a.thread);
    return new Lanes(ran, false, a -> "");
  }

  /** Whether each bar can be drawn by itself. */
  boolean drawable() {
    return all.size() <= MOST && bars <= BARS;
  }

  int count() {
    return all.size();
  }
}
