package dev.brigade.measure;

/*
 * Design. Pure, so that the rules can be tested without threads. Each constant says what it is good
 * for; none depends on how fast the machine is.
 *
 * Deciding early costs little when it says "waits", since those items are then started at once and
 * the first ones measured to their end; the second look may correct it. "Contends" is hard to take
 * back, so it needs the longest evidence: the first items of a cold program wait for one another
 * while classes are initialised.
 */
/** What the figures mean. */
public final class Classifier {
  /** From this share of time on a core on, work computes. */
  public static final double COMPUTES = 0.8;

  /** Up to this share, it waits. */
  public static final double WAITS = 0.2;

  /** From this share of time spent waiting for locks on, items contend. */
  public static final double CONTENDS = 0.3;

  private static final double SUSPECT = 0.04;
  private static final long WAIT_EVERY_NANOS = 8_000_000;
  private static final double SUSPECT_BUSY = 0.5;
  private static final double GAIN = 0.65;

  /** As many items are measured at least, where there is no clear case before. */
  public static final int ITEMS = 8;

  private static final long EARLY_NANOS = 3_000_000;
  private static final int EARLY_LOOKS = 6;
  private static final double EARLY_LOCKED = 0.15;
  // Five times what a reading of CPU time may be behind.
  private static final long SURE_NANOS = 20_000_000;
  private static final long LONG_NANOS = 250_000_000;
  private static final int LOCK_LOOKS = 20;
  private static final int LOCKED_LOOKS = 4;

  private Classifier() {}

  /**
   * What it is so far; unknown if that needs more looks.
   *
   * @param width how many threads there may be at once
   */
  public static Nature judge(Figures f, int width) {
    if (f.threads() == 0) return Nature.UNKNOWN;
    if (contends(f)) return Nature.CONTENDS;
    if (isSure(f)) {
      Nature found = byBusy(unlocked(f));
      // Locks must have been looked for before waiting is taken for waiting for something outside.
      boolean looked = f.looks() >= LOCK_LOOKS || f.spanNanos() >= LONG_NANOS;
      return found == Nature.COMPUTES || looked ? found : Nature.UNKNOWN;
    }
    boolean early =
        f.spanNanos() >= EARLY_NANOS
            && f.looks() >= EARLY_LOOKS
            && f.threads() >= Math.min(2, width);
    boolean locked = f.lockedShare() > EARLY_LOCKED;
    return early && !locked && f.busy() <= WAITS ? Nature.WAITS : Nature.UNKNOWN;
  }

  /** Whether enough was seen that no more looks are needed. */
  public static boolean isSure(Figures f) {
    long each = f.netNanos() / Math.max(1, f.threads());
    return f.items() >= ITEMS && each >= SURE_NANOS
        || f.items() >= 2 * f.threads() && f.spanNanos() >= LONG_NANOS;
  }

  private static boolean contends(Figures f) {
    return f.threads() > 1
        && f.lockedLooks() >= LOCKED_LOOKS
        && f.lockedShare() >= CONTENDS
        && f.items() >= 2 * f.threads()
        && f.spanNanos() >= EARLY_NANOS;
  }

  /** The busy share, with the waits for locks left out. */
  public static double unlocked(Figures f) {
    return f.lockedShare() >= 1 ? 1 : Math.min(1, f.busy() / (1 - f.lockedShare()));
  }

  /**
   * Whether items may wait for one another more than is seen of it. On a busy machine who waits for
   * a lock is woken into the queue for a core, and gets it when the holder has used up its time;
   * then the lock hardly shows, but for threads that begin to wait every few milliseconds although
   * they compute. So it is tried out, see {@link #contendsByRate}.
   */
  public static boolean isSuspect(Figures f) {
    if (f.threads() < 2 || f.items() < 2 * f.threads()) return false;
    boolean locks = f.lockedLooks() > 0 && f.lockedShare() >= SUSPECT;
    boolean waits = f.waits() >= 4 && f.waits() > f.netNanos() / WAIT_EVERY_NANOS;
    return (locks || waits) && unlocked(f) >= SUSPECT_BUSY;
  }

  /**
   * What a trial says.
   *
   * @param gain how many times as many items ended per time on all threads as on one
   */
  public static boolean contendsByRate(double gain, int threads) {
    return gain < GAIN * threads;
  }

  /** By the share of time on a core alone. */
  public static Nature byBusy(double busy) {
    if (busy >= COMPUTES) return Nature.COMPUTES;
    return busy <= WAITS ? Nature.WAITS : Nature.MIXED;
  }

  /** How many at once a lock lets through: items over the part of them that is under it. */
  public static int helpful(Figures f) {
    double beside = f.threads() * (1 - f.lockedShare());
    // A sampled share is a little off: 1.2 should not mean 2.
    return Math.max(1, (int) Math.ceil(beside - 0.3));
  }

  /** N (1 + W/C): how many at once keep n cores busy. */
  public static int start(double busy, int cores) {
    return (int) Math.min(1 << 20, Math.max(1, Math.ceil(cores / Math.max(busy, 1e-6))));
  }
}
