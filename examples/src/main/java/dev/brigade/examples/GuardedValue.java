package dev.brigade.examples;

import dev.brigade.task.Guarded;
import dev.brigade.task.Tasks;
import dev.brigade.task.VoidWork;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Two visits counted in a map: a "safe" collection is not enough for a compound update. */
final class GuardedValue {
  private GuardedValue() {}

  static void main() throws Exception {
    Examples.runHere("guarded");
  }

  /** Counts two visits at once; gives the count. Both meet where the update can be torn. */
  interface Way {
    int countTwo(Meeting meeting) throws InterruptedException;
  }

  static int getThenPut(Meeting meeting) throws InterruptedException {
    Map<String, Integer> visits = new ConcurrentHashMap<>();
    twice(() -> {
      int seen = visits.getOrDefault("page", 0); // safe by itself
      meeting.arrive();
      visits.put("page", seen + 1); // safe by itself; the two together are not
    });
    return visits.getOrDefault("page", 0);
  }

  static int guarded(Meeting meeting) throws InterruptedException {
    var visits = new Guarded<Map<String, Integer>>(new HashMap<>());
    twice(() -> {
      meeting.arrive();
      // All that belongs together is one function, and the map is out of reach elsewhere.
      visits.run(v -> v.put("page", v.getOrDefault("page", 0) + 1));
    });
    return visits.call(v -> v.getOrDefault("page", 0));
  }

  static int merged(Meeting meeting) throws InterruptedException {
    var visits = new ConcurrentHashMap<String, Integer>();
    twice(() -> {
      meeting.arrive();
      visits.merge("page", 1, Integer::sum); // the map's own compound update
    });
    return visits.getOrDefault("page", 0);
  }

  private static void twice(VoidWork<RuntimeException> visit) throws InterruptedException {
    Tasks.run(visit, visit);
  }

  static void show(Report report) throws Exception {
    report.equal("two visits, get then put", 1, getThenPut(Meeting.of(2)));
    check(report, "guarded", GuardedValue::guarded);
    check(report, "merged", GuardedValue::merged);
  }

  static void check(Report report, String how, Way way) throws InterruptedException {
    report.equal("two visits, " + how, 2, way.countTwo(Meeting.of(2)));
  }
}
