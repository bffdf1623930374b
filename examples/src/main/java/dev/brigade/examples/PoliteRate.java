package dev.brigade.examples;

import dev.brigade.policy.RateLimit;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A rate limit. (JavaScript: a sliding window by hand; Python: {@code aiolimiter}.) */
final class PoliteRate {
  private static final int MOST = 10;
  private static final Duration UNIT = Duration.ofSeconds(1);

  private PoliteRate() {}

  static void main() throws Exception {
    Examples.runHere("rate-limit");
  }

  /** One of the ways of holding callers back. */
  interface Way {
    void acquire() throws InterruptedException;
  }

  static Way window(JumpingClock clock) {
    RateLimit limit = RateLimit.window(MOST, UNIT, clock);
    return limit::acquire;
  }

  private static Way bucket(JumpingClock clock, int burst) {
    RateLimit limit = RateLimit.bucket(MOST, UNIT, burst, clock);
    return limit::acquire;
  }

  /** The guide's own: its clock counts whole milliseconds, so a window may be almost one short. */
  static Way byHand(JumpingClock clock) {
    var requests = new ArrayDeque<Long>();
    return () -> {
      while (true) {
        long now = clock.nanoTime() / 1_000_000;
        requests.removeIf(t -> now - t >= UNIT.toMillis());
        if (requests.size() < MOST) {
          requests.add(now);
          return;
        }
        clock.sleep(Duration.ofMillis(UNIT.toMillis() - (now - requests.getFirst())));
      }
    };
  }

  static void show(Report report) throws Exception {
    report.draw("30 who come at once, ten a unit; each column is a twentieth of a unit:");
    report.draw("window(10, unit)      " + picture(PoliteRate::window));
    report.draw("bucket(10, unit, 10)  " + picture(c -> bucket(c, 10)));
    report.draw("bucket(10, unit, 1)   " + picture(c -> bucket(c, 1)));
    report.equal("most in a unit of bucket(10, unit, 10)", 19, fullest(atOnce(c -> bucket(c, 10))));
    check(report, PoliteRate::window);
  }

  static void check(Report report, Function<JumpingClock, Way> way) throws Exception {
    int most = 0;
    for (int early = 0; early < 1000; early += 100) {
      // Ten come just before a millisecond is over, and one when the unit seems to be.
      var arrivals = new ArrayList<Long>();
      for (int i = 0; i < MOST; i++) arrivals.add(early * 1_000L);
      arrivals.add(UNIT.toNanos());
      most = Math.max(most, fullest(granted(way, arrivals)));
    }
    report.equal("most in any unit of time", MOST, most);
    List<Long> all = atOnce(way);
    report.equal("units until 30 are through", 2L, all.getLast() / UNIT.toNanos());
  }

  private static List<Long> atOnce(Function<JumpingClock, Way> way) throws InterruptedException {
    var arrivals = new ArrayList<Long>();
    for (int i = 0; i < 3 * MOST; i++) arrivals.add(0L);
    return granted(way, arrivals);
  }

  private static List<Long> granted(Function<JumpingClock, Way> way, List<Long> arrivals)
      throws InterruptedException {
    var clock = new JumpingClock();
    Way limit = way.apply(clock);
    var grants = new ArrayList<Long>();
    for (long arrival : arrivals) {
      clock.advanceTo(arrival);
      limit.acquire();
      grants.add(clock.nanoTime());
    }
    return grants;
  }

  /**
   * The most grants in any half-open interval of a unit: one of the fullest begins with a grant.
   */
  private static int fullest(List<Long> grants) {
    int most = 0;
    for (long from : grants) {
      int n = 0;
      for (long g : grants) if (g >= from && g < from + UNIT.toNanos()) n++;
      most = Math.max(most, n);
    }
    return most;
  }

  private static String picture(Function<JumpingClock, Way> way) throws InterruptedException {
    var columns = new int[60];
    long column = UNIT.toNanos() / 20;
    for (long g : atOnce(way)) if (g / column < columns.length) columns[(int) (g / column)]++;
    var text = new StringBuilder();
    for (int n : columns) text.append(n == 0 ? "·" : n < 10 ? String.valueOf(n) : "X");
    return text.toString();
  }
}
