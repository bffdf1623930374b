package dev.brigade.examples;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Who was busy when: a record of begins and ends, from which overlap and order are read. Its
 * answers come from the order of the events, not from a clock, so they are exact on a slow machine;
 * only the picture is drawn to time.
 */
final class Timeline {
  private static final int WIDTH = 48;

  /** One busy stretch of one row; numbers are those of its events. */
  private record Span(
      String row, int units, int began, int ended, long beganNanos, long endedNanos) {}

  private final List<Span> spans = new ArrayList<>();
  private final Set<String> rows = new LinkedHashSet<>();
  private int events;
  private int busy;
  private int peak;

  /** A stretch that has begun; closing it ends it. */
  interface Busy extends AutoCloseable {
    @Override
    void close();
  }

  /** Begins a stretch that counts as one unit of length. */
  Busy busy(String row) {
    return busy(row, 1);
  }

  /** Begins a stretch of a length. */
  synchronized Busy busy(String row, int units) {
    int began = events++;
    long now = System.nanoTime();
    rows.add(row);
    peak = Math.max(peak, ++busy);
    return () -> end(row, units, began, now);
  }

  private synchronized void end(String row, int units, int began, long beganNanos) {
    busy--;
    spans.add(new Span(row, units, began, events++, beganNanos, System.nanoTime()));
  }

  /** The most stretches that were open at the same moment. */
  synchronized int peak() {
    return peak;
  }

  /** How many stretches have ended. */
  synchronized int count() {
    return spans.size();
  }

  /** The rows in the order in which their stretches began, one entry for each stretch. */
  synchronized List<String> order() {
    return spans.stream().sorted(Comparator.comparingInt(Span::began)).map(Span::row).toList();
  }

  /** Whether some stretch of the one row was open together with one of the other. */
  synchronized boolean together(String row, String other) {
    return spans.stream()
        .filter(a -> a.row.equals(row))
        .anyMatch(a -> spans.stream().anyMatch(b -> b.row.equals(other) && overlap(a, b)));
  }

  private static boolean overlap(Span a, Span b) {
    return a.began < b.ended && b.began < a.ended;
  }

  /** How many units it took: the longest chain of stretches each of which began after the last. */
  synchronized int units() {
    List<Span> sorted = spans.stream().sorted(Comparator.comparingInt(Span::began)).toList();
    int[] chain = new int[sorted.size()];
    int longest = 0;
    for (int i = 0; i < chain.length; i++) {
      Span last = sorted.get(i);
      for (int j = 0; j < i; j++)
        if (sorted.get(j).ended < last.began) chain[i] = Math.max(chain[i], chain[j]);
      chain[i] += last.units;
      longest = Math.max(longest, chain[i]);
    }
    return longest;
  }

  /** From the first begin to the last end. */
  synchronized long nanos() {
    long first = spans.stream().mapToLong(Span::beganNanos).min().orElse(0);
    return spans.stream().mapToLong(Span::endedNanos).max().orElse(0) - first;
  }

  /** A title, and one line for each row: busy is black, not busy is grey. */
  synchronized void draw(Report report, String title) {
    long first = spans.stream().mapToLong(Span::beganNanos).min().orElse(0);
    double column = (double) nanos() / WIDTH;
    int label = rows.stream().mapToInt(String::length).max().orElse(0);
    report.draw(title);
    for (String row : rows) {
      var line = new StringBuilder("  " + row).repeat(' ', label - row.length() + 2);
      for (int i = 0; i < WIDTH; i++)
        line.append(busyIn(row, first + i * column, column) ? '█' : '░');
      report.draw(line.toString());
    }
  }

  /** In the middle of the column, or, so that nothing is invisible, for a moment within it. */
  private boolean busyIn(String row, double from, double column) {
    double middle = from + column / 2;
    return spans.stream()
        .filter(s -> s.row.equals(row))
        .anyMatch(s ->
            s.beganNanos <= middle && s.endedNanos >= middle
                || s.beganNanos >= from && s.endedNanos < from + column);
  }
}
