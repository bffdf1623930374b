package dev.brigade.examples;

import dev.brigade.task.Tasks;
import dev.brigade.task.VoidFn;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** One hands out, three work: who is slow gets less. */
final class MasterWorker {
  private static final int WORKERS = 3;
  static final int ORDERS = 12;

  private MasterWorker() {}

  static void main() throws Exception {
    Examples.runHere("master-worker");
  }

  /** One of the ways of handing out orders. */
  interface Way {
    void handOut(List<Integer> orders, VoidFn<Integer, RuntimeException> cook)
        throws InterruptedException;
  }

  static void toWhoIsFree(List<Integer> orders, VoidFn<Integer, RuntimeException> cook)
      throws InterruptedException {
    // A bounded map is master and workers: each of the three takes an order when it has no other.
    Tasks.limit(WORKERS).forEach(orders, cook);
  }

  /** Splits beforehand, so one slow order delays all that were dealt out with it. */
  static void inEqualShares(List<Integer> orders, VoidFn<Integer, RuntimeException> cook)
      throws InterruptedException {
    int share = orders.size() / WORKERS;
    Tasks.runScope(s -> {
      for (int from = 0; from < orders.size(); from += share) {
        List<Integer> dealt = orders.subList(from, from + share);
        s.run(() -> {
          for (int order : dealt) cook.accept(order);
        });
      }
    });
  }

  static void show(Report report) throws Exception {
    check(report, 10_000, MasterWorker::toWhoIsFree);
  }

  static void check(Report report, long patienceMillis, Way way) throws InterruptedException {
    var others = new CountDownLatch(ORDERS - 1);
    Map<Long, Integer> served = new HashMap<>();
    var slowWorker = new long[1];
    way.handOut(
        IntStream.range(0, ORDERS).boxed().toList(),
        order -> {
          long me = Thread.currentThread().threadId();
          synchronized (served) {
            served.merge(me, 1, Integer::sum);
          }
          if (order == 0) {
            // The slow one: not ready before all other orders are.
            slowWorker[0] = me;
            boolean unused = others.await(patienceMillis, TimeUnit.MILLISECONDS);
          } else {
            others.countDown();
          }
        });
    Collection<Integer> each = served.values();
    report.equal("orders done", ORDERS, each.stream().mapToInt(Integer::intValue).sum());
    report.equal("by the slow worker", 1, served.get(slowWorker[0]));
    report.info("by each worker", each.stream().sorted().toList());
  }
}
