package dev.brigade.cli.compare;

import dev.brigade.auto.Advice;
import dev.brigade.observe.Observers;
import dev.brigade.report.Recording;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Measures one kind of work in all ways. The ways take turns, and each round begins with another
 * one, so that what else goes on in the machine hits all of them.
 */
public final class Measurement {
  private static final int WARM_UP_PART = 4;
  private static final int EVENTS = 20_000;

  private final Workload work;
  private final Settings settings;
  private final Consumer<String> progress;
  private final Map<Way, Recording> fastest = new EnumMap<>(Way.class);
  private final Map<Way, Double> best = new EnumMap<>(Way.class);
  private final List<Advice> advice = new ArrayList<>();
  private final List<Way> ways;
  private @Nullable Workers workers;
  private @Nullable String leftOut;
  private double computed;

  /** The progress is told in a few words what is done now. */
  public Measurement(Workload work, Settings settings, Consumer<String> progress) {
    this.work = work;
    this.settings = settings;
    this.progress = progress;
    this.ways = Way.of(work);
  }

  /** Why a way was left out that the work could have been run in, or null. */
  @Nullable String leftOut() {
    return leftOut;
  }

  /** What was seen in the fastest round of each way, if the rounds are to be recorded. */
  Map<Way, Recording> fastestRounds() {
    return fastest;
  }

  /** What each of the ways needs at most, where that can be told. */
  interface Memory {
    List<Optional<Long>> peakBytes(List<Way> ways) throws InterruptedException;
  }

  Comparison run(Memory memory) throws Exception {
    try (Workers opened = ways.contains(Way.PROCESSES) ? open() : null) {
      workers = opened;
      return runAll(memory);
    } finally {
      workers = null;
    }
  }

  /** Once for all rounds: what that takes is told apart. */
  private @Nullable Workers open() throws InterruptedException {
    progress.accept(work.kind() + ": starting processes");
    try {
      return Workers.open(Way.PROCESSES.atOnce(work));
    } catch (RejectedExecutionException e) {
      leftOut = "processes can't be started here: " + e.getMessage();
      boolean unused = ways.remove(Way.PROCESSES);
      return null;
    }
  }

  private Comparison runAll(Memory memory) throws Exception {
    var seconds = new EnumMap<Way, List<Double>>(Way.class);
    for (Way way : ways) {
      seconds.put(way, new ArrayList<>());
      if (settings.warmUp()) {
        progress.accept(work.kind() + ": warming up");
        way.run(work, Math.ceilDiv(work.size(), WARM_UP_PART), unused -> {}, workers);
      }
    }
    double left = settings.budgetSeconds();
    for (int round = 0; round < settings.maxRounds(); round++) {
      if (round >= settings.minRounds() && left <= 0) break;
      left -= round(round, seconds);
    }
    progress.accept(work.kind() + ": memory");
    Demand demand = work.demand(sum(seconds, Way.SEQUENTIAL), computed);
    return comparison(seconds, demand, memory);
  }

  private double round(int round, Map<Way, List<Double>> seconds) throws Exception {
    double sum = 0;
    for (int turn = 0; turn < ways.size(); turn++) {
      Way way = ways.get((turn + round) % ways.size());
      progress.accept(work.kind() + ": round " + (round + 1) + ", " + way.label());
      double before = work.computedSeconds();
      double time = timed(way);
      if (way == Way.SEQUENTIAL) computed += work.computedSeconds() - before;
      seconds.getOrDefault(way, new ArrayList<>()).add(time);
      sum += time;
    }
    return sum;
  }

  private static double sum(Map<Way, List<Double>> seconds, Way way) {
    return seconds.getOrDefault(way, List.of()).stream().mapToDouble(s -> s).sum();
  }

  private double timed(Way way) throws Exception {
    // What the run before has left behind is not this one's.
    System.gc();
    if (!settings.recorded()) return seconds(way);
    var recording = Recording.ofNextScope(EVENTS);
    try (var _ = Observers.register(recording)) {
      double time = seconds(way);
      // Only one is kept for each way, however many rounds there are.
      if (time < best.getOrDefault(way, Double.MAX_VALUE)) {
        best.put(way, time);
        fastest.put(way, recording);
      }
      return time;
    }
  }

  private double seconds(Way way) throws Exception {
    long start = System.nanoTime();
    way.run(work, work.size(), advice::add, workers);
    return (System.nanoTime() - start) / 1e9;
  }

  private Comparison comparison(Map<Way, List<Double>> seconds, Demand demand, Memory memory)
      throws InterruptedException {
    List<Optional<Long>> peaks = memory.peakBytes(ways);
    var measured = new ArrayList<Measured>();
    for (int i = 0; i < ways.size(); i++) {
      Way way = ways.get(i);
      List<Double> times = List.copyOf(seconds.getOrDefault(way, List.of()));
      boolean chose = way == Way.AUTO && !advice.isEmpty();
      int atOnce = chose ? advice.getLast().choice().limit() : way.atOnce(work);
      List<Advice> reasons = chose ? List.copyOf(advice) : List.of();
      Optional<Double> start =
          way == Way.PROCESSES && workers != null
              ? Optional.of(workers.startSeconds())
              : Optional.empty();
      measured.add(new Measured(way, atOnce, times, peaks.get(i), start, reasons));
    }
    return new Comparison(
        work.kind(), work.what(), work.size(), work.limit(), settings.cores(), demand, measured);
  }
}
