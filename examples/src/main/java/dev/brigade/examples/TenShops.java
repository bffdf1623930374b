package dev.brigade.examples;

import dev.brigade.task.Outcome;
import dev.brigade.task.Task;
import dev.brigade.task.TaskScope.Until;
import dev.brigade.task.Tasks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** The price at ten shops, of which one is down and one is slow, until a deadline. */
final class TenShops {
  private static final List<Integer> SHOPS = IntStream.range(0, 10).boxed().toList();
  private static final int DOWN = 3;
  private static final int SLOW = 7;

  private TenShops() {}

  static void main() throws Exception {
    Examples.runHere("ten-shops");
  }

  /** The shops, seen from here; counts the calls that were cut short. */
  record Market(AtomicInteger cutShort) {
    int price(int shop) throws IOException, InterruptedException {
      if (shop == DOWN) throw new IOException("shop " + shop + " is down");
      if (shop == SLOW) waitForEver();
      return 100 + shop * 7 % 10;
    }

    private void waitForEver() throws InterruptedException {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        cutShort.incrementAndGet();
        throw e;
      }
    }
  }

  static List<Outcome<Integer>> ask(Market market, Duration patience) throws InterruptedException {
    // Supervised: a shop that is down says nothing about the others.
    return Tasks.supervise(s -> {
      var calls = new ArrayList<Task<Integer>>();
      for (int shop : SHOPS) calls.add(s.fork("shop " + shop, () -> market.price(shop)));
      var asked = s.await(calls, Until.ALL, patience);
      for (var late : asked.running()) late.cancel("too slow");
      var outcomes = new ArrayList<Outcome<Integer>>();
      for (var answer : asked.done()) outcomes.add(answer.outcome());
      return outcomes;
    });
  }

  static void show(Report report) throws Exception {
    var market = new Market(new AtomicInteger());
    List<Outcome<Integer>> outcomes = List.of();
    // On a slow machine the patience may not suffice for the quick shops: that shows nothing.
    for (long millis = 50; outcomes.size() < SHOPS.size() - 1 && millis < 60_000; millis *= 2) {
      market.cutShort().set(0);
      outcomes = ask(market, Duration.ofMillis(millis));
    }
    check(report, outcomes, market.cutShort().get());
  }

  static void check(Report report, List<Outcome<Integer>> outcomes, int cutShort) {
    var prices = outcomes.stream().filter(Outcome::isSuccess).map(Outcome::orThrow).toList();
    report.equal("outcomes in time, of 10", 9, outcomes.size());
    report.equal("of these, failures", 1, outcomes.size() - prices.size());
    report.equal("best price", 100, prices.stream().min(Integer::compare).orElse(-1));
    report.equal("calls that the deadline cut short", 1, cutShort);
  }
}
