package dev.brigade.races;

import dev.brigade.engine.Engine;
import dev.brigade.task.Tasks;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.random.RandomGenerator;

/** All races of completion against timeout and cancellation, on both kinds of thread. */
public final class Races {
  /** Makes a race; an engine that it needs belongs to the caller. */
  private interface Maker {
    Race make(Engine threads);
  }

  private static final Map<String, Maker> KINDS = new LinkedHashMap<>();

  static {
    KINDS.put("timeout", e -> new TimeoutRace());
    KINDS.put("acquire", e -> new AcquireRace());
    KINDS.put("grant", e -> new GrantRace());
    KINDS.put("cancel task on virtual", e -> new CancelTaskRace(Engine.virtual()));
    KINDS.put("cancel task on threads", CancelTaskRace::new);
    KINDS.put("cancel scope", e -> new CancelScopeRace());
  }

  private final Map<String, Tally> tallies = new LinkedHashMap<>();

  /** Each kind so many times, half of them from a platform and half from a virtual thread. */
  public void run(int rounds, RandomGenerator random) throws Exception {
    for (String kind : KINDS.keySet()) run(kind, rounds, random);
  }

  /** One kind; its tally is added to what was there before. */
  Tally run(String kind, int rounds, RandomGenerator random) throws Exception {
    Tally tally = tallies.computeIfAbsent(kind, k -> new Tally());
    for (var threads : new Thread.Builder[] {Thread.ofPlatform(), Thread.ofVirtual()}) {
      var task = new FutureTask<>(() -> race(kind, rounds / 2, random));
      Thread thread = threads.name("racer").start(task);
      tally.add(task.get());
      thread.join();
    }
    return tally;
  }

  private static Tally race(String kind, int rounds, RandomGenerator random) throws Exception {
    Tally tally;
    long threads = ownThreads();
    try (Engine engine = Engine.openThreads(1);
        Race race = KINDS.get(kind).make(engine)) {
      tally = race.run(rounds, random);
    }
    if (!Tasks.snapshot().roots().isEmpty())
      throw new AssertionError("a scope was left open: " + Tasks.snapshot());
    long end = System.nanoTime() + 10_000_000_000L;
    Spin.await(() -> ownThreads() <= threads || System.nanoTime() - end > 0);
    if (ownThreads() > threads) throw new AssertionError("a thread was left behind");
    return tally;
  }

  private static long ownThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(n -> n.equals("striker") || n.startsWith("brigade-threads"))
        .count();
  }

  /** That both sides won at least one race in a hundred, of each kind. */
  public void assertBothSidesWon() {
    tallies.forEach((kind, tally) -> {
      try {
        tally.assertBothSidesWon();
      } catch (AssertionError e) {
        throw new AssertionError(kind + ": " + e.getMessage(), e);
      }
    });
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    tallies.forEach((kind, tally) -> text.append(kind).append(": ").append(tally).append('\n'));
    return text.toString().stripTrailing();
  }
}
