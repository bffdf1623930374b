package dev.brigade.task;

import java.util.List;

/**
 * How many items of a crew may be in progress, which may change while it runs. Its crew tells it of
 * every item, on the thread that runs it.
 */
interface Pace {
  /** At least 1; asked before and after each item. */
  int width();

  /** An item begins; its end is told in real time, whatever the clock of its scope. */
  ElasticWidth.Turn begin();

  /** Better knowledge of the work than at the start. */
  void restart(int width);

  /** The width over time, thinned out. */
  List<Point> path();

  /** The width from a moment on, on {@link System#nanoTime}. */
  record Point(long atNanos, int width) {}

  /** Makes one. */
  interface Source {
    /** For work that may well run {@code start} items at once, and must not run more than most. */
    Pace begin(int start, int most);
  }

  /** One that never changes. */
  record Fixed(int width) implements Pace {
    @Override
    public ElasticWidth.Turn begin() {
      return failure -> {};
    }

    @Override
    public void restart(int other) {}

    @Override
    public List<Point> path() {
      return List.of();
    }
  }
}
