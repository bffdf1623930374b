package dev.brigade.examples;

import dev.brigade.task.FanOut;
import dev.brigade.task.Guarded;
import dev.brigade.task.Tasks;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Two visits that count themselves: a read and a write that belong together, and don't stay so. No
 * tool sees a race as such. But one that is there shows when nothing is changed except how many run
 * at once, and the events tell which forks were at it together.
 */
final class PitfallRace {
  private static final List<String> VISITS = List.of("page", "page");

  private PitfallRace() {}

  static void main() throws Exception {
    Examples.runHere("pitfall-race");
  }

  static int unguarded(FanOut visits, Meeting between) throws InterruptedException {
    Map<String, Integer> counts = new ConcurrentHashMap<>();
    visits.forEach( // the mistake: what these share is read and written in two steps
        VISITS,
        page -> {
          int seen = counts.getOrDefault(page, 0);
          between.arrive();
          counts.put(page, seen + 1);
        });
    return counts.getOrDefault("page", 0);
  }

  static int guarded(FanOut visits, Meeting between) throws InterruptedException {
    var counts = new Guarded<Map<String, Integer>>(new HashMap<>());
    visits.forEach(
        VISITS,
        page -> {
          between.arrive();
          counts.run(c -> c.put(page, c.getOrDefault(page, 0) + 1)); // one step, under the lock
        });
    return counts.call(c -> c.getOrDefault("page", 0));
  }

  /** One of the two ways: counts both visits. */
  interface Way {
    int count(FanOut visits, Meeting between) throws InterruptedException;
  }

  /** The forks that ran together, if it makes a difference that they did. */
  static List<String> racing(Way way) throws Exception {
    int inTurns = way.count(Tasks.limit(1), Meeting.inVain());
    var together = new int[1];
    ForkLog log = ForkLog.during(() -> together[0] = way.count(Tasks.limit(2), Meeting.of(2)));
    return inTurns == together[0] ? List.of() : log.ranTogether();
  }

  static void show(Report report) throws Exception {
    report.equal("visits, one at a time", 2, unguarded(Tasks.limit(1), Meeting.inVain()));
    report.equal("visits, two at once", 1, unguarded(Tasks.limit(2), Meeting.of(2)));
    List<String> racing = racing(PitfallRace::unguarded);
    report.check(
        "whose number makes the difference",
        "line of the fork",
        racing,
        racing.size() == 1 && ForkLog.areLinesOf("PitfallRace.unguarded", racing));
    check(report, PitfallRace::guarded);
  }

  static void check(Report report, Way way) throws Exception {
    report.equal("visits, guarded", 2, way.count(Tasks.limit(2), Meeting.of(2)));
    report.equal("number makes a difference", List.of(), racing(way));
  }
}
