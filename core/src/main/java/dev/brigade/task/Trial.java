package dev.brigade.task;

import dev.brigade.engine.Engine;
import dev.brigade.engine.EngineThread;
import dev.brigade.measure.Classifier;
import dev.brigade.measure.Experiment;
import dev.brigade.measure.Figures;
import dev.brigade.measure.Nature;
import dev.brigade.measure.Probes;
import dev.brigade.measure.Watch;
import dev.brigade.time.TimeSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/*
 * Design. Work whose nature is not known begins on the cores, as if it computed: then nothing is lost
 * if it does. Its workers are measured meanwhile, by the waiting caller and by themselves between items.
 * When it turns out that they wait, the rest of the items moves to where that costs nothing, while the
 * items that have begun go on where they are, and are measured to their end.
 *
 * States: open (no choice), moved at most once (`move`), sure (no more looks but rare ones). A choice
 * to move is made once, by whoever looks; later looks may only correct the nature and the pace. If the
 * work computes, it is looked at now and then until the end, since first items may be unlike the others.
 *
 * A worker of the cores that waits outside of the library's own waits would keep the thread from others;
 * once it is known that it does, its engine is told, and puts a spare in its place (the seat's lease).
 */
/** What is found out about the work of one fan-out while it runs, and what is done about it. */
final class Trial {
  private static final long RARELY_NANOS = 50_000_000;
  private static final int WAITING_START = 50;

  private final Watch watch;
  private final Pace.Source paces;
  private final int cores;
  private final int most;
  private final List<Seat> seats = new ArrayList<>();

  private volatile @Nullable Move move;
  private volatile int present;
  private volatile boolean sure;
  private volatile int staying = Integer.MAX_VALUE;
  private volatile boolean aside;
  private @Nullable Elsewhere elsewhere;
  private @Nullable Experiment experiment;
  private boolean mayExperiment = true;
  private volatile long lookedNanos = System.nanoTime();
  private Nature nature = Nature.UNKNOWN;
  private @Nullable Figures figures;

  /** Where the rest of the items goes: another engine, or fewer workers of the same one. */
  record Move(Nature nature, Engine engine, Pace pace) {
    boolean stays() {
      return engine.traits().chunked();
    }
  }

  /**
   * What has been found out.
   *
   * @param move null if the work stayed where it was
   */
  record Finding(
      Nature nature,
      Figures figures,
      @Nullable Move move,
      int cores,
      int most,
      String lockedAt,
      String caveat,
      @Nullable Elsewhere elsewhere) {}

  /**
   * How an engine elsewhere compared.
   *
   * @param chosen whether the rest went there
   * @param here items for each nanosecond in this JVM
   * @param there the same elsewhere; 0 if none came back
   * @param refusal why it took no items, empty if it did
   */
  record Elsewhere(
      Engine engine, int width, boolean chosen, double here, double there, String refusal) {}

  /** For a crew that can't change how many of its workers there are on the cores. */
  void dontExperiment() {
    mayExperiment = false;
  }

  /** At most {@code limit} items at once; 0 for any number. */
  Trial(Probes probes, Pace.Source paces, int cores, int limit) {
    this.paces = paces;
    this.cores = cores;
    this.most = limit != 0 ? limit : Engine.virtual().traits().defaultLimit();
    this.watch = new Watch(probes, width());
  }

  /** How many workers may be measured at once. */
  int width() {
    return Math.min(cores, most);
  }

  /** The bound on how many items are in progress, wherever. */
  int most() {
    return most;
  }

  /** Whether more looks can bring something soon. */
  boolean isOpen() {
    return !sure && move == null;
  }

  /** Whether a worker that was measured should leave the rest to others. */
  boolean isOver() {
    return sure && move instanceof Move m && !m.stays();
  }

  /** How many workers may stay on the cores. */
  int staying() {
    if (aside) return 0;
    return move instanceof Move m && m.stays() ? m.pace().width() : staying;
  }

  @Nullable Move move() {
    return move;
  }

  /** Looks, unless that was done just before; returns the move if it was decided by this look. */
  @Nullable Move look() {
    if (aside) return null;
    long now = System.nanoTime();
    if (sure && (move != null || now - lookedNanos < RARELY_NANOS)) return null;
    lookedNanos = now;
    Figures seen = watch.look();
    return seen == null ? null : judge(seen);
  }

  private synchronized @Nullable Move judge(Figures f) {
    if (aside) return null;
    if (experiment != null) return follow(experiment, f);
    Nature found = Classifier.judge(f, width());
    if (move != null) {
      correct(found, f);
      return null;
    }
    boolean clear = found == Nature.WAITS || found == Nature.CONTENDS;
    if (mayExperiment && !clear && Classifier.isSuspect(f) && seats.size() > 1) {
      mayExperiment = false;
      experiment = new Experiment(f, seats.size());
      staying = 1;
      sure = false;
      return null;
    }
    return conclude(found, f);
  }

  private @Nullable Move conclude(Nature found, Figures f) {
    if (found == Nature.UNKNOWN) return null;
    nature = found;
    figures = f;
    sure = found == Nature.CONTENDS || Classifier.isSure(f);
    if (found == Nature.COMPUTES) return null;
    if (sure || found != Nature.MIXED) {
      int helpful = Classifier.helpful(f);
      move = decide(found, f, helpful);
    }
    return move;
  }

  private @Nullable Move follow(Experiment trying, Figures f) {
    if (!trying.halfIsOver(f, seats.size())) return null;
    if (trying.isOver()) {
      experiment = null;
      // A lock on a quiet machine queues its threads on one core; then only the wall shows it.
      double gain = Math.min(trying.gain(), trying.gainByWall());
      if (gain > 0 && f.lockedLooks() > 0 && Classifier.contendsByRate(gain, trying.threads())) {
        nature = Nature.CONTENDS;
        figures = trying.before();
        sure = true;
        move = decide(Nature.CONTENDS, f, (int) Math.max(1, Math.round(gain)));
        return move;
      }
    }
    staying = experiment != null && trying.isAlone() ? 1 : Integer.MAX_VALUE;
    return null;
  }

  /** The early choice was made on little. */
  private void correct(Nature found, Figures f) {
    if (sure || move == null || nature == Nature.CONTENDS || !Classifier.isSure(f)) return;
    sure = true;
    if (found == Nature.CONTENDS || found == Nature.UNKNOWN) return;
    figures = f;
    if (found == nature) return;
    nature = found;
    move.pace().restart(atMost(Classifier.start(Classifier.unlocked(f), cores)));
  }

  /** Null if there is nowhere to go. */
  private @Nullable Move decide(Nature found, Figures f, int helpful) {
    boolean computes = Classifier.unlocked(f) >= 0.5;
    if (found == Nature.CONTENDS) {
      if (!computes) lend();
      return new Move(found, Engine.cores(), new Pace.Fixed(atMost(helpful)));
    }
    if (most <= width()) {
      sure = true;
      return null;
    }
    lend();
    int start =
        found == Nature.WAITS ? WAITING_START : Classifier.start(Classifier.unlocked(f), cores);
    return new Move(found, Engine.virtual(), new Rest(paces.begin(atMost(start), most)));
  }

  /** Those that are still measured count towards the bound. */
  private final class Rest implements Pace {
    private final Pace all;

    Rest(Pace all) {
      this.all = all;
    }

    @Override
    public int width() {
      return Math.min(all.width(), Math.max(1, most - present));
    }

    @Override
    public ElasticWidth.Turn begin() {
      return all.begin();
    }

    @Override
    public void restart(int width) {
      all.restart(width);
    }

    @Override
    public List<Point> path() {
      return all.path();
    }
  }

  private int atMost(int width) {
    return Math.min(width, most);
  }

  private void lend() {
    for (Seat seat : seats) seat.lend();
  }

  synchronized Finding finding() {
    Figures f = figures;
    Figures latest = watch.sofar();
    if (nature == Nature.UNKNOWN && latest.lockedShare() >= Classifier.CONTENDS)
      nature = Nature.CONTENDS;
    boolean latestIsBest = nature != Nature.CONTENDS && (move == null || !sure);
    return new Finding(
        sure || nature == Nature.UNKNOWN || latest.items() == 0
            ? nature
            : Classifier.byBusy(Classifier.unlocked(latest)),
        f == null || latestIsBest ? latest : f,
        move,
        cores,
        most,
        nature == Nature.CONTENDS ? watch.lockedAt() : "",
        watch.caveat(),
        elsewhere);
  }

  // ---- for a rival

  /** Whether the rest stays on the cores, as far as is known now. */
  boolean keepsCores() {
    return sure && (move == null || move.stays());
  }

  boolean contends() {
    return move instanceof Move m && m.nature() == Nature.CONTENDS;
  }

  /** How many items have ended on the threads that are measured. */
  int items() {
    return watch.sofar().items();
  }

  /** Nobody looks any more, and every worker leaves; false if the rest has gone elsewhere. */
  synchronized boolean standAside() {
    if (!keepsCores()) return false;
    aside = true;
    return true;
  }

  boolean isPresent() {
    return present > 0;
  }

  void comeBack() {
    aside = false;
  }

  synchronized void compared(Elsewhere found) {
    elsewhere = found;
  }

  /** A worker's place in the trial. */
  final class Seat {
    private final Watch.Member member = watch.enter();
    private final @Nullable EngineThread thread =
        Thread.currentThread() instanceof EngineThread e ? e : null;
    private boolean lent;
    private boolean left;

    /** It begins some items. */
    void begins() {
      member.begins();
    }

    /** Those that it began ended. */
    void ended(int items) {
      member.ended(items);
    }

    private synchronized void lend() {
      if (left || lent || thread == null) return;
      lent = true;
      thread.beforeBlocking();
    }

    void leave() {
      member.leave();
      synchronized (Trial.this) {
        seats.remove(this);
        present = seats.size();
      }
      synchronized (this) {
        left = true;
        if (lent && thread != null) thread.afterBlocking();
      }
    }
  }

  /**
   * The current thread begins to run items.
   *
   * @return null if it need not, because the rest is done elsewhere
   */
  @Nullable Seat enter() {
    var seat = new Seat();
    synchronized (this) {
      // Under the lock, since the others count on how many there are.
      if (move == null || move.stays()) {
        seats.add(seat);
        present = seats.size();
        return seat;
      }
    }
    seat.leave();
    return null;
  }

  /** A wait of the caller until the next look is due, or somebody signals. */
  static void pause(Waiter waiter, long nanos) throws InterruptedException {
    TimeSource real = waiter.time();
    boolean unused = waiter.await("the measurement", real.after(nanos));
  }
}
