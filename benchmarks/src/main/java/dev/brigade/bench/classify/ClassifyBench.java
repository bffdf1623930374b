package dev.brigade.bench.classify;

import dev.brigade.auto.Advice;
import dev.brigade.bench.Budget;
import dev.brigade.bench.Contender;
import dev.brigade.bench.Metric;
import dev.brigade.bench.Plan;
import dev.brigade.bench.ProcessBench;
import dev.brigade.bench.Rounds;
import dev.brigade.engine.Engine;
import dev.brigade.task.FanOut;
import dev.brigade.task.Tasks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether auto recognises work whose nature is known, and what it takes in all, measuring included,
 * beside the best of a loop, the cores and virtual threads with several limits: on the machine as
 * it is, and with four spinning processes for each core.
 */
public final class ClassifyBench implements ProcessBench {
  private static final String BEST = "best engine";
  private static final double WITHIN = 1.1;

  @Override
  public String name() {
    return "classify";
  }

  @Override
  public String about() {
    return "auto: the rate of right classifications, and its whole time against the best engine";
  }

  @Override
  public int parts(Plan plan) {
    return Kind.values().length * 2;
  }

  @Override
  public List<Case> cases(Plan plan, Budget budget) {
    var cases = new ArrayList<Case>();
    for (boolean busy : new boolean[] {false, true})
      for (Kind kind : Kind.values()) cases.add(one(kind, busy));
    return cases;
  }

  private static Case one(Kind kind, boolean busy) {
    String name = kind.label + (busy ? ", 4x oversubscribed" : "");
    List<Metric> metrics =
        List.of(
            Metric.higher(name + ", right", "%").withGoal(BEST, 1.0),
            Metric.lower(name, "ms/map").withGoal(BEST, WITHIN));
    List<Contender<Rounds.Sampler>> contenders =
        List.of(
            new Contender<>(Contender.OURS, () -> new Measured(kind, busy)),
            new Contender<>(BEST, () -> best(kind, busy)));
    return new Case(metrics, contenders);
  }

  /** The rate is that of all rounds so far. */
  private static final class Measured implements Rounds.Sampler {
    private final Kind kind;
    private final boolean busy;
    private int right;
    private int rounds;

    Measured(Kind kind, boolean busy) throws Exception {
      this.kind = kind;
      this.busy = busy;
      var unused = Tasks.auto().map(kind.items, kind.work());
    }

    @Override
    public double[] sample() throws Exception {
      try (var _ = Spinners.open(busy)) {
        long start = System.nanoTime();
        List<Long> results = Tasks.auto().map(kind.items, kind.work());
        double millis = (System.nanoTime() - start) / 1e6;
        rounds++;
        Advice advice = Advice.of(results);
        if (advice.work() == kind.expected) right++;
        else System.err.println(kind.label + " taken for " + advice);
        return new double[] {100.0 * right / rounds, millis};
      }
    }
  }

  private static Rounds.Sampler best(Kind kind, boolean busy) throws Exception {
    Map<String, FanOut> ways = new LinkedHashMap<>();
    ways.put("one by one", Tasks.limit(1));
    ways.put("cores", Tasks.on(Engine.cores()));
    for (int limit : new int[] {4, 16, 50, 256, 1024})
      ways.put("virtual, limit " + limit, Tasks.limit(limit));
    FanOut best = Tasks.limit(1);
    double fastest = Double.MAX_VALUE;
    for (FanOut way : ways.values()) {
      // A wait of 2,000 times 5 ms in a row will not be the best.
      if (kind == Kind.WAITING && way.toString().contains("limit 1,")) continue;
      double millis = millis(kind, busy, way);
      if (millis < fastest) {
        fastest = millis;
        best = way;
      }
    }
    FanOut chosen = best;
    return () -> new double[] {100, millis(kind, busy, chosen)};
  }

  private static double millis(Kind kind, boolean busy, FanOut way) throws Exception {
    try (var _ = Spinners.open(busy)) {
      long start = System.nanoTime();
      var results = way.map(kind.items, kind.work());
      if (results.size() != kind.items.size()) throw new AssertionError("results are missing");
      return (System.nanoTime() - start) / 1e6;
    }
  }
}
