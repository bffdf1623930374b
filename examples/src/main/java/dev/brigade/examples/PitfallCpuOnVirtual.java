package dev.brigade.examples;

import dev.brigade.engine.Engine;
import dev.brigade.observe.Finding;
import dev.brigade.task.Tasks;
import dev.brigade.task.Watchdog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Computing on virtual threads: they give their carriers back only when they wait, which these
 * never do, so whoever only wanted to answer quickly gets none. (Python: computing in a coroutine.)
 */
final class PitfallCpuOnVirtual {
  private static final int CORES = Runtime.getRuntime().availableProcessors();
  private static final Duration HOG_AFTER = Duration.ofMillis(20);

  private PitfallCpuOnVirtual() {}

  static void main() throws Exception {
    Examples.runHere("pitfall-cpu-on-virtual");
  }

  /**
   * What was seen while so many tasks as there are cores computed.
   *
   * @param answered whether a task on a virtual thread that has nothing to compute got its turn
   * @param found what the watchdog told
   */
  record Seen(boolean answered, List<Finding> found) {}

  static Seen compute(Engine engine, long patienceMillis) throws Exception {
    var begun = new AtomicInteger();
    var answered = new CountDownLatch(1);
    var enough = new AtomicBoolean();
    return Tasks.scope(s -> {
      for (int i = 0; i < CORES; i++)
        s.fork("compute", engine, () -> countPrimes(begun, enough)); // computes
      try {
        while (begun.get() < CORES) Tasks.sleep(Duration.ofMillis(1));
        s.run("answer", answered::countDown);
        boolean gotItsTurn = answered.await(patienceMillis, TimeUnit.MILLISECONDS);
        return new Seen(gotItsTurn, watch());
      } finally {
        enough.set(true);
      }
    });
  }

  private static int countPrimes(AtomicInteger begun, AtomicBoolean enough) {
    begun.incrementAndGet(); // the mistake begins
    int primes = 0;
    for (int n = 2; !enough.get(); n++) { // the mistake, on a virtual thread
      boolean prime = true; // the mistake
      for (int d = 2; prime && d <= n / d; d++) prime = n % d != 0; // the mistake
      if (prime) primes++; // the mistake
    }
    return primes;
  }

  /** Four looks of a watchdog; a program would start one, and leave it on. */
  private static List<Finding> watch() throws InterruptedException {
    var found = new ArrayList<Finding>();
    var options = Watchdog.options().withHogAfter(HOG_AFTER).reportingTo(found::add);
    Watchdog dog = Watchdog.of(options);
    for (int look = 0; look < 4; look++) {
      dog.check();
      Tasks.sleep(HOG_AFTER);
    }
    return found;
  }

  static void show(Report report) throws Exception {
    Seen seen = compute(Engine.virtual(), 10);
    report.equal("on virtual threads, others got a turn", false, seen.answered());
    List<String> where =
        seen.found().stream().map(f -> String.valueOf(f.where())).distinct().toList();
    report.check(
        "hog that the watchdog found",
        "line of the loop",
        where,
        where.size() == 1 && where.getFirst().contains("PitfallCpuOnVirtual.countPrimes"));
    report.check(
        "what to do",
        "Engine.cores()",
        seen.found().getFirst().kind(),
        seen.found().getFirst().message().contains("Engine.cores()"));
    check(report, Engine.cores(), 10_000);
  }

  static void check(Report report, Engine engine, long patienceMillis) throws Exception {
    Seen seen = compute(engine, patienceMillis);
    report.equal("on cores, others got a turn", true, seen.answered());
    report.equal("hogs, on cores", List.of(), seen.found());
  }
}
