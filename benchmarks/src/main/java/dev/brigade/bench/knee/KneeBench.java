package dev.brigade.bench.knee;

import dev.brigade.auto.Advice;
import dev.brigade.bench.Budget;
import dev.brigade.bench.Contender;
import dev.brigade.bench.Metric;
import dev.brigade.bench.Plan;
import dev.brigade.bench.ProcessBench;
import dev.brigade.bench.Rounds;
import dev.brigade.task.FanOut;
import dev.brigade.task.Outcome;
import dev.brigade.task.Tasks;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Auto against a real server of known capacity: requests served per second, of a whole fan-out with
 * everything that finding the knee costs, beside the best of several fixed limits and beside the
 * default one, which floods it.
 */
public final class KneeBench implements ProcessBench {
  private static final String BEST = "best fixed limit";
  private static final double OF_BEST = 0.9;

  @Override
  public String name() {
    return "knee";
  }

  @Override
  public String about() {
    return "auto finds the knee of a real server, against the best fixed limit";
  }

  @Override
  public int parts(Plan plan) {
    return 1;
  }

  @Override
  public List<Case> cases(Plan plan, Budget budget) {
    List<Integer> requests = IntStream.range(0, plan.quick() ? 4000 : 20_000).boxed().toList();
    List<Metric> metrics =
        List.of(
            Metric.higher("served, " + requests.size() + " requests", "requests/s")
                .withGoal(BEST, OF_BEST),
            Metric.lower("refused", "%"));
    return List.of(
        new Case(
            metrics,
            List.of(
                new Contender<>(Contender.OURS, () -> measured(requests)),
                new Contender<>(BEST, () -> best(requests)),
                new Contender<>("default limit", () -> fixed(requests, Tasks.limit(1024))))));
  }

  private static Rounds.Sampler measured(List<Integer> requests) {
    return () -> {
      var advice = new ArrayList<Advice>();
      double[] values = run(requests, Tasks.auto().advised(advice::add));
      System.err.println("limits: " + advice.getFirst().path());
      return values;
    };
  }

  private static Rounds.Sampler best(List<Integer> requests) throws Exception {
    int best = 0;
    double most = 0;
    for (int limit : new int[] {4, 8, 12, 16, 20, 24, 32, 48, 64}) {
      double served = run(requests.subList(0, 1000), Tasks.limit(limit))[0];
      if (served > most) {
        most = served;
        best = limit;
      }
    }
    System.err.println("best fixed limit: " + best);
    return fixed(requests, Tasks.limit(best));
  }

  private static Rounds.Sampler fixed(List<Integer> requests, FanOut way) {
    return () -> run(requests, way);
  }

  private static double[] run(List<Integer> requests, FanOut way) throws Exception {
    try (var server = BoundedServer.open()) {
      long start = System.nanoTime();
      List<Outcome<Integer>> outcomes = way.settle(requests, i -> server.get());
      double seconds = (System.nanoTime() - start) / 1e9;
      long served = outcomes.stream().filter(Outcome.Success.class::isInstance).count();
      double refused = 100.0 * (requests.size() - served) / requests.size();
      return new double[] {served / seconds, refused};
    }
  }
}
