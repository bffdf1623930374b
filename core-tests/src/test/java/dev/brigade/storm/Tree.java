package dev.brigade.storm;

import dev.brigade.engine.Engine;
import dev.brigade.task.CancelSource;
import dev.brigade.task.FanOut;
import dev.brigade.task.Outcome;
import dev.brigade.task.Task;
import dev.brigade.task.TaskScope;
import dev.brigade.task.Tasks;
import dev.brigade.task.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A random tree of shapes. Every node draws from a generator of its own, split from its parent's,
 * so that the tree is the same whatever the schedule.
 */
final class Tree {
  private static final Duration SHIELD = Duration.ofSeconds(30);
  private final Ledger ledger;
  private final Engine cores;
  private final Engine strict;
  private final boolean disturbed;

  Tree(Ledger ledger, Engine cores, Engine strict, boolean disturbed) {
    this.ledger = ledger;
    this.cores = cores;
    this.strict = strict;
    this.disturbed = disturbed;
  }

  int node(SplittableRandom random, int depth) throws Exception {
    int value = depth == 0 ? leaf(random) : shape(random, depth);
    // A helped task may see the interrupt of what it runs on, so ask only where nobody helps.
    if (!disturbed && Thread.currentThread().isVirtual() && Thread.currentThread().isInterrupted())
      ledger.expect(Tasks.token().isCancelled(), "an interrupt without a cancellation");
    return value;
  }

  private int shape(SplittableRandom random, int depth) throws Exception {
    return switch (random.nextInt(14)) {
      case 0, 1, 2 -> fan(random, depth).scope(s -> scope(s, random, depth, true));
      case 3 -> fan(random, depth).supervise(s -> scope(s, random, depth, false));
      case 4 -> map(random, depth);
      case 5 -> settle(random, depth);
      case 6 -> fan(random, depth).any(children(random, depth));
      case 7 -> fan(random, depth).race(children(random, depth));
      case 8 -> Tasks.within(briefly(random), () -> node(random, depth - 1));
      case 9 -> Tasks.withinOr(briefly(random), -1, () -> node(random, depth - 1));
      case 10 -> Tasks.shield(SHIELD, () -> node(random, depth - 1));
      case 11 -> asCompleted(random, depth);
      case 12 -> byToken(random, depth);
      default -> fan(random, depth).all(child(random, depth), child(random, depth)).first();
    };
  }

  /** Strict pools only for leaves: what nests in them may rightly run out of threads. */
  private FanOut fan(SplittableRandom random, int depth) {
    Engine engine =
        switch (random.nextInt(4)) {
          case 0 -> cores;
          case 1 -> depth == 1 ? strict : Engine.virtual();
          default -> Engine.virtual();
        };
    FanOut f = Tasks.on(engine);
    if (random.nextInt(4) == 0) f = f.limit(1 + random.nextInt(3));
    if (random.nextInt(6) == 0) f = f.within(briefly(random));
    return f;
  }

  private static Duration briefly(SplittableRandom random) {
    return Duration.ofNanos(1L << random.nextInt(8, 24));
  }

  private Work<Integer, Exception> child(SplittableRandom random, int depth) {
    var own = random.split();
    return ledger.tracked(() -> node(own, depth - 1));
  }

  private List<Work<Integer, Exception>> children(SplittableRandom random, int depth) {
    var all = new ArrayList<Work<Integer, Exception>>();
    for (int i = 1 + random.nextInt(4); i > 0; i--) all.add(child(random, depth));
    return all;
  }

  private int scope(TaskScope s, SplittableRandom random, int depth, boolean failFast)
      throws Exception {
    var own = new ArrayList<Task<Integer>>();
    for (Work<Integer, Exception> w : children(random, depth)) own.add(ledger.add(s.fork(w)));
    if (random.nextInt(4) == 0) s.daemon(() -> Tasks.sleep(Duration.ofHours(1)));
    int sum = 0;
    for (Task<Integer> t : own) {
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> sum += failFast ? t.join() : t.outcome().orElse(0);
        case 3 -> t.cancel("the storm");
        case 4 -> t.cancel("the storm, later", briefly(random));
        case 5 -> s.await(own, TaskScope.Until.FIRST, briefly(random));
        default -> sum += 0;
      }
    }
    switch (random.nextInt(12)) {
      case 0 -> s.cancel("the storm");
      case 1 -> throw new Ledger.MeantException();
      case 2 -> throw new Ledger.MeantError();
      case 3 -> {
        if (disturbed) Thread.currentThread().interrupt();
      }
      default -> sum += 0;
    }
    return sum;
  }

  private int map(SplittableRandom random, int depth) throws Exception {
    int n = random.nextInt(6);
    var works = IntStream.range(0, n).mapToObj(i -> child(random, depth)).toList();
    List<Integer> results =
        random.nextBoolean()
            ? fan(random, depth).map(works, Work::call)
            : Tasks.limit(2).map(works.stream(), Work::call);
    ledger.expect(
        results.size() == n && !results.contains(null), "a map of " + n + " returned " + results);
    return results.size();
  }

  private int settle(SplittableRandom random, int depth) throws Exception {
    var works = children(random, depth);
    List<Outcome<Integer>> results = fan(random, depth).settle(works, Work::call);
    ledger.expect(
        results.size() == works.size() && !results.contains(null),
        "a settle of " + works.size() + " returned " + results);
    return results.size();
  }

  private int asCompleted(SplittableRandom random, int depth) throws Exception {
    var works = children(random, depth);
    int stopAfter = random.nextInt(works.size() + 1);
    int seen = 0;
    try (var done = Tasks.limit(2).asCompleted(works, Work::call)) {
      for (var c : done) {
        ledger.expect(c.outcome() != null, "a completion without an outcome");
        if (++seen == stopAfter) break;
      }
      ledger.expect(
          seen == (stopAfter == 0 ? works.size() : stopAfter), "completions are missing: " + seen);
    }
    return seen;
  }

  private int byToken(SplittableRandom random, int depth) throws Exception {
    var source = new CancelSource();
    var alarm =
        Tasks.time()
            .schedule(
                Tasks.time().after(briefly(random).toNanos()), () -> source.cancel("the storm"));
    try {
      return Tasks.cancelledBy(source.token()).scope(s -> scope(s, random, depth, true));
    } finally {
      alarm.cancel();
    }
  }

  private int leaf(SplittableRandom random) throws Exception {
    switch (random.nextInt(12)) {
      case 0 -> throw new Ledger.MeantException();
      case 1 -> throw new Ledger.MeantError();
      case 2, 3 -> Tasks.sleep(briefly(random));
      case 4 -> Thread.sleep(briefly(random));
      case 5 -> ledger.limit.run(() -> Tasks.sleep(briefly(random)));
      case 6 -> ledger.update();
      case 7 -> Tasks.checkCancelled();
      case 8 -> swallow(random);
      case 9 -> spin(briefly(random).toNanos() / 8);
      default -> Thread.yield();
    }
    return 1;
  }

  /** Takes its interrupt for nothing, once, and waits again. */
  private static void swallow(SplittableRandom random) throws InterruptedException {
    try {
      Tasks.sleep(briefly(random));
    } catch (InterruptedException e) {
      Tasks.sleep(briefly(random));
    }
  }

  private static void spin(long nanos) {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() - end < 0) Thread.onSpinWait();
  }
}
