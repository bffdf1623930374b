package dev.brigade.bench;

import java.util.List;
import java.util.function.Consumer;

/** A bench whose samples are whole processes, run one after the other by this JVM. */
public interface ProcessBench extends Bench {
  /** One case: several metrics are taken from the same run. Our own side comes first. */
  record Case(List<Metric> metrics, List<Contender<Rounds.Sampler>> contenders) {}

  /** The budget gives each sampler the time after which it must kill its process. */
  List<Case> cases(Plan plan, Budget budget);

  /** Into how many cases the time is divided. */
  int parts(Plan plan);

  @Override
  default void run(Plan plan, Consumer<Row> out) throws Exception {
    var budget = new Budget(plan.budget(), parts(plan));
    for (Case one : cases(plan, budget)) {
      long deadline = System.nanoTime() + budget.next().toNanos();
      var sides = one.contenders().stream().map(Contender::name).toList();
      var tally = new Tally(name(), one.metrics(), sides);
      var open = Rounds.open(one.contenders(), tally);
      Rounds.interleave(open, plan.rounds(), deadline, tally);
      tally.rows().forEach(out);
    }
  }
}
