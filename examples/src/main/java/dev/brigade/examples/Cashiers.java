package dev.brigade.examples;

import dev.brigade.policy.Limit;
import dev.brigade.task.Tasks;
import java.util.List;

/** Two customers with three purchases each, at one cashier or at two. */
final class Cashiers {
  private static final List<String> CUSTOMERS = List.of("Task 1", "Task 2");

  private Cashiers() {}

  static void main() throws Exception {
    Examples.runHere("cashiers");
  }

  static Timeline serve(int cashiers, Meeting meeting) throws InterruptedException {
    var timeline = new Timeline();
    Limit free = Limit.of(cashiers);
    Tasks.runScope(s -> {
      // The shop opens when both stand in the queue, so that both have the same chance.
      try (var _ = free.acquire(cashiers)) {
        for (String customer : CUSTOMERS)
          s.run(customer, () -> buy(customer, free, timeline, meeting));
        while (free.statistics().waiting() < CUSTOMERS.size()) Thread.yield();
      }
    });
    return timeline;
  }

  private static void buy(String customer, Limit free, Timeline timeline, Meeting meeting)
      throws InterruptedException {
    for (int purchase = 0; purchase < 3; purchase++) {
      // Who comes back queues behind who waits: the cashier serves in turns.
      try (var _ = free.acquire();
          var _ = timeline.busy(customer)) {
        meeting.arrive();
        Squares.sum(20_000_000);
      }
    }
  }

  static void show(Report report) throws Exception {
    Timeline one = serve(1, Meeting.inVain());
    one.draw(report, "Concurrency (one cashier):");
    Timeline two = serve(2, Meeting.of(2));
    two.draw(report, "Parallelism (two cashiers):");
    check(report, one, two);
  }

  static void check(Report report, Timeline one, Timeline two) {
    List<String> turns = one.order();
    boolean inTurns = turns.indexOf("Task 1") < 2 && turns.indexOf("Task 2") < 2;
    report.equal("served at once, one cashier", 1, one.peak());
    report.check("turns", "1 2 ..", String.join(" ", turns).replace("Task ", ""), inTurns);
    report.equal("served at once, two cashiers", 2, two.peak());
  }
}
