package dev.brigade.testing;

import dev.brigade.testing.Strand.Timer;
import java.util.Comparator;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is to happen when, by time and then by the order of scheduling. */
final class Timetable {
  private final TreeSet<Timer> timers =
      new TreeSet<>(Comparator.<Timer>comparingLong(t -> t.at).thenComparingLong(t -> t.order));
  private long scheduled;

  Timer add(long at, @Nullable Runnable action, @Nullable Strand strand) {
    var timer = new Timer(at, scheduled++, action, strand);
    timers.add(timer);
    return timer;
  }

  void cancel(Timer timer) {
    timers.remove(timer);
  }

  int size() {
    return timers.size();
  }

  boolean due(long at) {
    return !timers.isEmpty() && timers.first().at <= at;
  }

  long firstAt() {
    return timers.first().at;
  }

  Timer takeFirst() {
    Iterator<Timer> all = timers.iterator();
    if (!all.hasNext()) throw new NoSuchElementException();
    Timer first = all.next();
    all.remove();
    return first;
  }
}
