package dev.brigade.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A bench whose cases run inside a JVM: a fresh one for each case and fork, with all sides in it.
 */
public interface MicroBench extends Bench {
  List<MicroCase> cases(Plan plan);

  /** Time for a case beside the others of this bench: 2 gets twice the share of 1. */
  default int weight(MicroCase one) {
    return 1;
  }

  /** Flags for the JVM of each case, beside the common ones. */
  default List<String> jvmFlags() {
    return List.of();
  }

  @Override
  default void run(Plan plan, Consumer<Row> out) throws Exception {
    List<MicroCase> cases = cases(plan);
    int parts = cases.stream().mapToInt(this::weight).sum() * plan.forks();
    var budget = new Budget(plan.budget(), parts);
    for (int i = 0; i < cases.size(); i++) {
      MicroCase one = cases.get(i);
      var sides = one.contenders().stream().map(Contender::name).toList();
      var tally = new Tally(name(), List.of(one.metric()), sides);
      for (int fork = 0; fork < plan.forks(); fork++) {
        Duration share = Duration.ZERO;
        for (int w = weight(one); w > 0; w--) share = share.plus(budget.next());
        fork(plan, i, share, budget.kill(), tally);
      }
      tally.rows().forEach(out);
    }
  }

  private void fork(Plan plan, int caseIndex, Duration share, Duration kill, Tally tally)
      throws Exception {
    var flags = new ArrayList<>(List.of("-Xms512m", "-Xmx3g", "--enable-preview"));
    flags.addAll(jvmFlags());
    var command = new ArrayList<>(Programs.java(flags.toArray(String[]::new)));
    command.addAll(
        List.of(
            MicroChild.class.getName(),
            name(),
            Integer.toString(caseIndex),
            Boolean.toString(plan.quick()),
            Long.toString(share.toMillis())));
    var child = ChildProcess.run(command, kill);
    String last = MicroChild.replay(child.out(), tally);
    if (child.timedOut()) tally.unfinished(last, "did not end in the time given: killed");
    else if (child.exit() != 0)
      tally.skipped(last, "its JVM ended with exit code " + child.exit() + ": " + child.failure());
  }
}
