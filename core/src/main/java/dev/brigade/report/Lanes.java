package dev.brigade.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
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
    private final int index;
    private long until;

    Lane(String label, int index) {
      this.label = label;
      this.index = index;
    }
  }

  /** The rows of one label: the first that is free is taken, and a new one only if none is. */
  private static final class Group {
    private final String label;
    private final List<Lane> all = new ArrayList<>();
    private final PriorityQueue<Lane> taken =
        new PriorityQueue<>((a, b) -> Long.compare(a.until, b.until));
    private final PriorityQueue<Lane> free =
        new PriorityQueue<>((a, b) -> Integer.compare(a.index, b.index));

    Group(String label) {
      this.label = label;
    }

    /** To be called in the order in which they began. */
    void place(Activity a) {
      for (Lane t = taken.peek(); t != null && t.until <= start(a); t = taken.peek())
        free.add(taken.remove());
      Lane lane = free.poll();
      if (lane == null) {
        lane = new Lane(label, all.size());
        all.add(lane);
      }
      lane.work.add(a);
      lane.until = a.ended;
      taken.add(lane);
    }
  }

  final List<Lane> all = new ArrayList<>();

  /** Whether rows are tasks, so that the time before they began belongs to them. */
  final boolean byTask;

  private final int bars;

  private Lanes(List<Activity> work, boolean byTask, Function<Activity, String> row) {
    this.byTask = byTask;
    Map<String, Group> groups = new LinkedHashMap<>();
    int drawn = 0;
    for (Activity a : work) {
      drawn += 1 + a.waits.size();
      groups.computeIfAbsent(row.apply(a), Group::new);
    }
    this.bars = drawn;
    var inOrder = new ArrayList<>(work);
    inOrder.sort((a, b) -> Long.compare(start(a), start(b)));
    for (Activity a : inOrder) groups.computeIfAbsent(row.apply(a), Group::new).place(a);
    for (Group group : groups.values()) all.addAll(group.all);
  }

  private static long start(Activity a) {
    return a.ran() ? a.started : a.forked;
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
