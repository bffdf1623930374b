package dev.brigade.bench.auto;

import dev.brigade.bench.Bench;
import dev.brigade.bench.Metric;
import dev.brigade.bench.Plan;
import dev.brigade.bench.Row;
import dev.brigade.bench.Spread;
import dev.brigade.engine.Engine;
import dev.brigade.task.Tasks;
import dev.brigade.testing.simulation.Pacer;
import dev.brigade.testing.simulation.Scenario;
import dev.brigade.testing.simulation.Scenarios;
import dev.brigade.testing.simulation.Score;
import dev.brigade.testing.simulation.Sweep;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The adaptive limit on simulated servers, against the best fixed limit of a sweep and the limits
 * of Netflix. Nothing is timed: the figures depend on the seeds alone, whatever the machine does.
 */
public final class AutoBench implements Bench {
  private static final String BEST_FIXED = "best fixed";
  private static final long FIRST_SEED = 101;

  /** What drawn scenarios are taken: none of them was looked at while the algorithm was made. */
  private static final long FIRST_DRAWN = 7_300;

  private record Found(Scenario scenario, Sweep best) {}

  @Override
  public String name() {
    return "auto";
  }

  @Override
  public String about() {
    return "the adaptive limit on simulated servers, against the best fixed limit and others";
  }

  @Override
  public void run(Plan plan, Consumer<Row> out) throws Exception {
    int seeds = plan.quick() ? 5 : 20;
    var reference = sweep(Scenarios.reference(), seeds);
    var ours = scores(reference, () -> Pacer.adaptive(Scenarios.MOST), seeds);
    var peers = new LinkedHashMap<String, List<Score>>();
    var missing = new LinkedHashMap<String, String>();
    for (String peer : List.of("Gradient2", "Vegas", "AIMD")) {
      try {
        peers.put(peer, better(reference, NetflixPacer.all().get(peer), seeds));
      } catch (LinkageError e) {
        missing.put(peer, "concurrency-limits is not on the class path: " + e);
      }
    }
    summaries("", ours, peers, missing, seeds).forEach(out);
    for (Score s : ours) scenario(s, peers, seeds).forEach(out);
    if (plan.quick()) return;
    var heldOut = scores(sweep(Scenarios.heldOut(), seeds), AutoBench::ours, seeds);
    summaries(", held out", heldOut, Map.of(), Map.of(), seeds).forEach(out);
    for (Score s : heldOut) scenario(s, Map.of(), seeds).forEach(out);
    var faulty = scores(sweep(Scenarios.faulty(), seeds), AutoBench::ours, seeds);
    // What fails whatever the load is no rejection that a limit could avoid.
    for (Row row : summaries(", faulty", faulty, Map.of(), Map.of(), seeds))
      if (!row.metric().caseName().startsWith("rejected")) out.accept(row);
    for (Score s : faulty) scenario(s, Map.of(), seeds).forEach(out);
    var drawn = LongStream.range(FIRST_DRAWN, FIRST_DRAWN + 40).mapToObj(Scenarios::drawn).toList();
    var random = scores(sweep(drawn, 5), AutoBench::ours, 5);
    summaries(", 40 drawn at random", random, Map.of(), Map.of(), 5).forEach(out);
  }

  private static Pacer ours() {
    return Pacer.adaptive(Scenarios.MOST);
  }

  // ---- running

  private static List<Found> sweep(List<Scenario> scenarios, int seeds) throws Exception {
    return Tasks.on(Engine.cores())
        .map(scenarios, s -> new Found(s, Sweep.of(s, Scenarios.MOST, FIRST_SEED, seeds)));
  }

  private static List<Score> scores(List<Found> found, Supplier<Pacer> algorithm, int seeds)
      throws Exception {
    return Tasks.on(Engine.cores())
        .map(found, f -> Score.of(f.scenario, f.best, algorithm, FIRST_SEED, seeds));
  }

  private static List<Score> better(
      List<Found> found, @Nullable List<Supplier<Pacer>> forms, int seeds) throws Exception {
    List<List<Score>> all = new ArrayList<>();
    for (var form : forms == null ? List.<Supplier<Pacer>>of() : forms)
      all.add(scores(found, form, seeds));
    return all.stream().max(Comparator.comparing(s -> mean(s, Score::whole))).orElseThrow();
  }

  // ---- rows

  private static double mean(List<Score> scores, ToDoubleFunction<Score> figure) {
    // Who gave up did nothing: a hundredth, so that one such case does not make a mean of nothing.
    return Score.geometricMean(scores, s -> Math.max(0.01, figure.applyAsDouble(s)));
  }

  private static double makespan(Score s) {
    return 1 / Math.max(0.01, s.whole());
  }

  private static List<Row> summaries(
      String where,
      List<Score> ours,
      Map<String, List<Score>> peers,
      Map<String, String> missing,
      int seeds) {
    List<Row> rows = new ArrayList<>();
    var half2 = Metric.higher("half2" + where, "of the best fixed").withGoal(BEST_FIXED, 0.95);
    add(rows, half2, ours, Score::half2, peers, missing, seeds);
    var makespan =
        Metric.lower("makespan" + where, "x the best fixed")
            .withGoal(BEST_FIXED, 1 / 0.9)
            .withGoal("Gradient2", 1 / 1.3);
    add(rows, makespan, ours, AutoBench::makespan, peers, missing, seeds);
    var geomean = Metric.higher("geomean" + where, "of the best fixed").withGoal(BEST_FIXED, 0.9);
    add(rows, geomean, ours, Score::whole, peers, missing, seeds);
    var worst = Metric.higher("half2, worst case" + where, "of the best fixed");
    Spread least = least(ours, seeds);
    rows.add(row(worst.withGoal(BEST_FIXED, 0.9), BEST_FIXED, least, one(seeds), null));
    peers.forEach((peer, scores) -> rows.add(row(worst, peer, least, least(scores, seeds), null)));
    var inFlight = Metric.lower("in flight, median" + where, "x the knee");
    Spread many = middle(ours, Score::inFlight, seeds);
    rows.add(row(inFlight.withGoal("knee", 1.5), "knee", many, one(seeds), null));
    peers.forEach((peer, scores) ->
        rows.add(row(inFlight, peer, many, middle(scores, Score::inFlight, seeds), null)));
    double most = ours.stream().mapToDouble(Score::rejected).max().orElse(0);
    var rejected = Metric.lower("rejected, worst case" + where, "%").withGoal("3 %", 1);
    rows.add(row(rejected, "3 %", flat(most * 100, seeds), flat(3, seeds), null));
    return rows;
  }

  private static void add(
      List<Row> rows,
      Metric metric,
      List<Score> ours,
      ToDoubleFunction<Score> figure,
      Map<String, List<Score>> peers,
      Map<String, String> missing,
      int seeds) {
    Spread mine = spread(ours, figure, seeds);
    rows.add(row(metric, BEST_FIXED, mine, one(seeds), null));
    peers.forEach(
        (peer, scores) -> rows.add(row(metric, peer, mine, spread(scores, figure, seeds), null)));
    missing.forEach((peer, why) -> rows.add(row(metric, peer, mine, null, why)));
  }

  private static List<Row> scenario(Score s, Map<String, List<Score>> peers, int seeds) {
    var metric = Metric.higher("half2: " + s.scenario(), "of the best fixed");
    Spread mine = flat(s.half2(), seeds);
    List<Row> rows = new ArrayList<>();
    rows.add(
        new Row(
            "auto", metric.withGoal(BEST_FIXED, 0.9), BEST_FIXED, mine, one(seeds), note(s), null));
    peers.forEach((peer, scores) -> {
      for (Score other : scores)
        if (other.scenario().equals(s.scenario()))
          rows.add(
              new Row(
                  "auto",
                  metric,
                  peer,
                  mine,
                  flat(Math.max(0.01, other.half2()), seeds),
                  note(other),
                  null));
    });
    return rows;
  }

  private static String note(Score s) {
    return String.format(
        Locale.ROOT,
        "whole %.3f, in flight %.2f x the knee, rejected %.2f %%",
        s.whole(),
        s.inFlight(),
        s.rejected() * 100);
  }

  private static Row row(
      Metric metric, String peer, Spread ours, @Nullable Spread theirs, @Nullable String skipped) {
    return new Row("auto", metric, peer, ours, theirs, null, skipped);
  }

  /** The geometric mean over the scenarios, and their range. */
  private static Spread spread(List<Score> scores, ToDoubleFunction<Score> figure, int seeds) {
    double[] all = scores.stream().mapToDouble(figure).sorted().toArray();
    return new Spread(mean(scores, figure), all[0], all[all.length - 1], seeds);
  }

  private static Spread middle(List<Score> scores, ToDoubleFunction<Score> figure, int seeds) {
    double[] all = scores.stream().mapToDouble(figure).sorted().toArray();
    return new Spread(all[all.length / 2], all[0], all[all.length - 1], seeds);
  }

  private static Spread least(List<Score> scores, int seeds) {
    double[] all = scores.stream().mapToDouble(Score::half2).toArray();
    return flat(Math.max(0.01, Arrays.stream(all).min().orElse(0)), seeds);
  }

  private static Spread one(int seeds) {
    return flat(1, seeds);
  }

  private static Spread flat(double value, int seeds) {
    return new Spread(value, value, value, seeds);
  }
}
