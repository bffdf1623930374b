package dev.brigade.measure;

/*
 * Design. Pure, like Classifier: no clock is read. All times are those that threads were given, on a
 * core or waiting, but not queued for a core. What the machine gives to others, and how much that
 * changes between the halves, lowers nothing then; a lock does, since who waits for it is neither on a
 * core nor queued. Items for each nanosecond on a core would not do: a lock does not lower that either. What is
 * missed so is a lock whose threads the system queues on one core; the wall shows that, see gainByWall.
 *
 * It costs the time of the other threads while one is alone if the work computes, and none if its items
 * wait for one another. So it is bounded, by given time again: a wall clock would end it on a busy
 * machine before anything was seen.
 *
 * Not thread-safe: guarded by the trial.
 */
/**
 * Compares what one thread alone does in the time that it is given with what several do, in turns:
 * alone, all, alone, all.
 */
public final class Experiment {
  private static final long LEAST_NANOS = 8_000_000;
  private static final long MOST_NANOS = 250_000_000;
  private static final int ITEMS = 4;
  private static final int HALVES = 4;
  private static final double CLEAR = 0.8;

  private final Figures before;
  private final int threads;
  private boolean alone = true;
  private long sinceNanos;
  private long sinceSpan;
  private int sinceItems = -1;
  private int halves;
  private double itemsAlone;
  private double nanosAlone;
  private double items;
  private double nanos;
  private double spanAlone;
  private double span;

  /** It begins with one thread alone. */
  public Experiment(Figures before, int threads) {
    this.before = before;
    this.threads = threads;
  }

  /** What made it necessary. */
  public Figures before() {
    return before;
  }

  /** How many there are in the halves with all. */
  public int threads() {
    return threads;
  }

  /** Whether one thread is to run alone now. */
  public boolean isAlone() {
    return alone;
  }

  /**
   * Whether the number of threads is to change.
   *
   * @param present how many run items now
   */
  public boolean halfIsOver(Figures f, int present) {
    boolean late = f.netNanos() - before.netNanos() > MOST_NANOS;
    if (late) halves = HALVES;
    if (alone ? present > 1 : present < threads) return late;
    if (sinceItems < 0) {
      sinceItems = f.items();
      sinceNanos = f.netNanos();
      sinceSpan = f.spanNanos();
      return late;
    }
    int ended = f.items() - sinceItems;
    long given = f.netNanos() - sinceNanos;
    if (given < LEAST_NANOS * present) return late;
    if (ended < ITEMS * present && !late) return false;
    if (alone) {
      itemsAlone += ended;
      nanosAlone += given;
      spanAlone += f.spanNanos() - sinceSpan;
    } else {
      items += ended;
      nanos += given;
      span += f.spanNanos() - sinceSpan;
    }
    halves++;
    alone = !alone;
    sinceItems = -1;
    return true;
  }

  /** Whether it has been seen, or took too long. */
  public boolean isOver() {
    return halves >= HALVES || halves == 2 && Math.min(gain(), gainByWall()) > CLEAR * threads;
  }

  /** How many times as much all do as one, if cores are given to all of them; 0 if not known. */
  public double gain() {
    if (nanos == 0 || itemsAlone == 0) return 0;
    return threads * (items / nanos) / (itemsAlone / nanosAlone);
  }

  /**
   * The same by the clock on the wall, which a busy machine lowers as well: it proves nothing
   * unless items were seen behind a lock. 0 if not known.
   */
  public double gainByWall() {
    if (span == 0 || itemsAlone == 0) return 0;
    return items / span / (itemsAlone / spanAlone);
  }
}
