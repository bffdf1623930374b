package dev.brigade.cli.terminal;

import dev.brigade.observe.TaskEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who was at work when, from events: one lane for each name of a task, so that a job done in
 * several steps has one lane. A task is at work from {@code STARTED} to {@code ENDED}, except from
 * {@code WAITING} to {@code RESUMED}; a lane reaches from the first event of its name to the last.
 */
public final class Timeline {
  private record Span(long from, long to) {}

  private static final class Lane {
    final List<Span> busy = new ArrayList<>();
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
  }

  private final Map<String, Lane> lanes = new LinkedHashMap<>();
  private final Set<String> threads = new LinkedHashSet<>();
  private final int events;
  private long start = Long.MAX_VALUE;
  private long end = Long.MIN_VALUE;

  private Timeline(int events) {
    this.events = events;
  }

  /** Reads events, those of each task in order. */
  public static Timeline of(List<TaskEvent> events) {
    var timeline = new Timeline(events.size());
    var began = new HashMap<Long, Long>();
    for (TaskEvent e : events) {
      Lane lane = timeline.lanes.computeIfAbsent(e.name(), name -> new Lane());
      lane.first = Math.min(lane.first, e.nanos());
      lane.last = Math.max(lane.last, e.nanos());
      switch (e.kind()) {
        case STARTED, RESUMED -> {
          began.put(e.task(), e.nanos());
          timeline.threads.add(e.thread());
        }
        case WAITING, ENDED -> {
          Long from = began.remove(e.task());
          if (from != null) lane.busy.add(new Span(from, e.nanos()));
        }
        case FORKED, CANCELLED, OVERRAN, UNOBSERVED -> {}
      }
      timeline.start = Math.min(timeline.start, e.nanos());
      timeline.end = Math.max(timeline.end, e.nanos());
    }
    return timeline;
  }

  /** How many events it was read from. */
  public int events() {
    return events;
  }

  /** The threads that were at work, in the order of their first work. */
  public Set<String> threads() {
    return threads;
  }

  /** From the first event to the last. */
  public long nanos() {
    return lanes.isEmpty() ? 0 : end - start;
  }

  /** How long at least two lanes were at work at the same time. */
  public long overlapNanos() {
    var changes = new ArrayList<long[]>();
    for (Lane lane : lanes.values())
      for (Span span : lane.busy) {
        changes.add(new long[] {span.from, 1});
        changes.add(new long[] {span.to, -1});
      }
    // Where one ends as another begins, the end comes first: they do not overlap.
    changes.sort((a, b) -> a[0] != b[0] ? Long.compare(a[0], b[0]) : Long.compare(a[1], b[1]));
    long overlap = 0;
    long before = 0;
    long working = 0;
    for (long[] change : changes) {
      if (working >= 2) overlap += change[0] - before;
      before = change[0];
      working += change[1];
    }
    return overlap;
  }

  /**
   * One line for each lane, its name in front: {@code █} where it was at work for at least half of
   * the column, {@code ░} where it was not, blank outside the lane.
   *
   * @param nanosPerColumn the same for pictures that are to be compared; at least 1
   */
  public List<String> lines(long nanosPerColumn) {
    if (nanosPerColumn < 1)
      throw new IllegalArgumentException(
          "nanosPerColumn must be at least 1, but was " + nanosPerColumn);
    int width = lanes.keySet().stream().mapToInt(String::length).max().orElse(0);
    var lines = new ArrayList<String>();
    lanes.forEach((name, lane) ->
        lines.add(name + " ".repeat(width - name.length()) + "  " + cells(lane, nanosPerColumn)));
    return lines;
  }

  private String cells(Lane lane, long nanosPerColumn) {
    var cells = new StringBuilder();
    for (long from = start; from < lane.last; from += nanosPerColumn) {
      long to = from + nanosPerColumn;
      long busy = 0;
      for (Span s : lane.busy) busy += Math.max(0, Math.min(s.to, to) - Math.max(s.from, from));
      boolean inside = Math.min(lane.last, to) - Math.max(lane.first, from) >= nanosPerColumn / 2;
      cells.append(2 * busy >= nanosPerColumn ? '█' : inside ? '░' : ' ');
    }
    return cells.toString().stripTrailing();
  }
}
