package dev.brigade.storm;

import dev.brigade.engine.Engine;
import dev.brigade.process.ProcessOptions;
import dev.brigade.process.ProcessPool;
import dev.brigade.process.TaskRules;
import dev.brigade.process.WorkerDiedException;
import dev.brigade.process.WorkerInfo;
import dev.brigade.process.WorkerOptions;
import dev.brigade.task.Outcome;
import dev.brigade.task.Tasks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/** One pool, a crowd that gives it work of all kinds, and one who shoots at its workers. */
final class ProcessLoad {
  private static final long LOAD_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final Duration SHOOTING = Duration.ofSeconds(8);
  private static final Duration RECOVERY = Duration.ofSeconds(60);

  private final RandomGenerator random;
  private final Path scratch;
  private final Starts starts;
  private final ProcessOptions options;
  private final Queue<Errand> errands = new ConcurrentLinkedQueue<>();
  private final AtomicInteger ids = new AtomicInteger();
  private final int mischiefIn;
  private final ProcessTally tally;
  private volatile boolean stopping;

  ProcessLoad(RandomGenerator random, Path scratch, ProcessTally tally) throws Exception {
    this.random = random;
    this.scratch = scratch;
    this.tally = tally;
    starts = new Starts(scratch.resolve("starts"));
    mischiefIn = 4 + random.nextInt(40);
    options = options(random, scratch);
  }

  private static ProcessOptions options(RandomGenerator random, Path scratch) {
    int max = 1 + random.nextInt(3);
    var worker =
        WorkerOptions.of()
            .withJvmOptions("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xss512k")
            .withJvmOptions("--enable-native-access=ALL-UNNAMED")
            .withDirectory(scratch.toFile())
            .withCaps(new WorkerOptions.Caps(64L << 20, 16L << 20, 48L << 20, 0))
            .withOutput(new WorkerOptions.Output.Discard())
            .withTimes(
                new WorkerOptions.Times(
                    Duration.ofSeconds(30),
                    Duration.ofMillis(50 + random.nextInt(200)),
                    Duration.ofSeconds(3)));
    if (random.nextBoolean()) worker = worker.withState(() -> "made", made -> Thread.sleep(1));
    var full = ProcessOptions.WhenFull.values()[random.nextInt(3)];
    return ProcessOptions.of(1)
        .withWorkers(1 + random.nextInt(max), max)
        .withSpare(random.nextInt(2))
        .withConcurrency(random.nextInt(3) == 0 ? 3 : 1)
        .withMaxTasks(random.nextInt(3) == 0 ? 1 + random.nextInt(40) : 0)
        .withQueue(10 + random.nextInt(100), 64 << 20, full)
        .withWorker(worker);
  }

  void run() throws Exception {
    var pool = ProcessPool.open(options);
    var marksman = new Marksman(pool, split(), 20 + random.nextInt(300));
    int end = random.nextInt(5);
    try {
      try (var shooting = new Crowd()) {
        shooting.start(() -> marksman.run(SHOOTING));
        shooting.start(() -> {
          while (!marksman.hasCeased()) lookForEnds();
        });
        try {
          load(pool);
          if (end == 0) stopNow(pool);
          else if (end == 1) pool.shutdown();
          // The shooting goes on until the last has ended.
          awaitEnds(pool);
        } finally {
          marksman.cease();
        }
      }
      if (end > 1) recover(pool);
    } finally {
      try (var closing = new Crowd()) {
        closing.start(pool::close);
      }
    }
    if (!pool.isTerminated()) throw new AssertionError("closed, but not terminated: " + pool);
    check();
    marksman.addTo(tally.hits);
  }

  private SplittableRandom split() {
    return new SplittableRandom(random.nextLong());
  }

  // ---- giving work

  private void load(ProcessPool pool) {
    long until = System.nanoTime() + LOAD_NANOS;
    try (var crowd = new Crowd()) {
      for (int i = 0; i < 3; i++) {
        var own = split();
        boolean fans = i == 0;
        crowd.start(() -> {
          while (System.nanoTime() - until < 0) {
            if (fans) fanOut(pool, own);
            else submit(pool, own);
            if (own.nextInt(4) == 0) Thread.sleep(own.nextInt(5));
          }
        });
      }
      var own = split();
      crowd.start(() -> {
        while (System.nanoTime() - until < 0) {
          for (Errand e : errands) if (!e.hasEnded() && own.nextInt(100) == 0) cancel(e, own);
          Thread.sleep(10);
        }
      });
    }
  }

  private static void cancel(Errand e, SplittableRandom random) {
    Future<?> f = e.future;
    if (f == null) return;
    e.cancelled = true;
    boolean unused = f.cancel(random.nextInt(4) > 0);
  }

  private Errand errand(SplittableRandom random) {
    boolean bad = random.nextInt(mischiefIn) == 0;
    List<Mischief> from = bad ? List.of(Mischief.values()) : Mischief.HARMLESS;
    Mischief what = from.get(random.nextInt(from.size()));
    if (random.nextInt(20) == 0) what = Mischief.STUBBORN;
    // Short ones mostly, so that some are sent ahead.
    long nanos = random.nextInt(4) > 0 ? random.nextLong(300_000) : random.nextLong(30_000_000);
    int bytes = random.nextInt(20) == 0 ? random.nextInt(3 << 20) : 0;
    Duration timeout =
        random.nextInt(5) == 0 || what == Mischief.STUBBORN
            ? Duration.ofMillis(1 + random.nextInt(200))
            : null;
    var order =
        new Order(
            ids.incrementAndGet(),
            starts.file(),
            what,
            nanos,
            Order.ballast(bytes, random.nextLong()));
    var errand = new Errand(order, timeout, random.nextInt(4) == 0);
    return errand;
  }

  private static TaskRules rules(Errand e, SplittableRandom random) {
    TaskRules rules = TaskRules.plain().withPriority(random.nextInt(3));
    if (e.timeout != null) rules = rules.withTimeout(e.timeout);
    return e.again ? rules.withCrashRetries(1) : rules;
  }

  private void submit(ProcessPool pool, SplittableRandom random) {
    Errand e = errand(random);
    TaskRules rules = rules(e, random);
    errands.add(e);
    try {
      switch (random.nextInt(4)) {
        case 0 ->
            e.future = pool.with(rules).submit((java.util.concurrent.Callable<Object>) e.order);
        case 1 -> {
          e.command = true;
          e.future = pool.with(rules).submit((Runnable) e.order, e.order.id());
        }
        default -> e.future = pool.call(rules, Order::fill, e.order);
      }
    } catch (RejectedExecutionException refused) {
      e.end(null, refused);
    }
  }

  private void fanOut(ProcessPool pool, SplittableRandom random) throws InterruptedException {
    List<Errand> all = new ArrayList<>();
    int count = 1 + random.nextInt(60);
    boolean again = random.nextInt(4) == 0;
    for (int i = 0; i < count; i++) {
      Errand e = errand(random);
      all.add(new Errand(e.order, null, again));
    }
    errands.addAll(all);
    TaskRules rules = again ? TaskRules.plain().withCrashRetries(1) : TaskRules.plain();
    Engine engine = again || random.nextBoolean() ? pool.with(rules) : pool;
    List<Order> orders = all.stream().map(e -> e.order).toList();
    List<Outcome<Object>> outcomes;
    try {
      outcomes =
          random.nextBoolean()
              ? Tasks.on(engine).settle(orders, Order::fill)
              : Tasks.on(engine).settle(orders);
    } catch (RejectedExecutionException e) {
      for (Errand errand : all) {
        errand.cancelled = true;
        errand.end(null, new java.util.concurrent.CancellationException("with the others"));
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      switch (outcomes.get(i)) {
        case Outcome.Success<Object> s -> all.get(i).end(s.value(), null);
        case Outcome.Failed<Object> f -> all.get(i).end(null, f.failure());
        case Outcome.Cancelled<Object> c -> all.get(i).end(null, c.why());
      }
    }
  }

  private void stopNow(ProcessPool pool) {
    stopping = true;
    // What never began is the caller's, by the JDK's contract.
    for (Runnable r : pool.shutdownNow()) if (r instanceof Future<?> f) f.cancel(false);
  }

  // ---- what must come of it

  private boolean lookForEnds() throws InterruptedException {
    boolean all = true;
    for (Errand e : errands) all &= e.hasEnded();
    long from = System.nanoTime();
    Thread.sleep(1);
    tally.slept(System.nanoTime() - from);
    return all;
  }

  private void awaitEnds(ProcessPool pool) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!lookForEnds()) {
      if (System.nanoTime() - until < 0) continue;
      List<Errand> left = new ArrayList<>(errands);
      left.removeIf(e -> e.endNanos != 0);
      throw new AssertionError(
          left.size()
              + " never end, as "
              + left.getFirst()
              + "; "
              + pool.reading()
              + " "
              + pool.workers());
    }
  }

  /** As many workers are ready as ever, and each can be used. */
  private void recover(ProcessPool pool) throws Exception {
    long from = System.nanoTime();
    if (!pool.awaitReady(RECOVERY))
      throw new AssertionError("the pool has not come back: " + pool.workers());
    for (int i = 0; i < 10; i++) {
      // Those that were stopped for good have not been found out yet, perhaps.
      Errand e =
          new Errand(
              new Order(ids.incrementAndGet(), starts.file(), Mischief.NONE, 0, new byte[0]),
              null,
              true);
      e.future = pool.call(TaskRules.plain().withCrashRetries(1), Order::fill, e.order);
      errands.add(e);
      Crowd.await(
          "a task on the pool that came back",
          () -> {
            Future<?> f = e.future;
            return f != null && f.isDone();
          });
      boolean unused = e.hasEnded();
    }
    Crowd.await(
        "the pool to be back to its size",
        () -> {
          int ready = 0;
          for (WorkerInfo w : pool.workers()) if (w.state() == WorkerInfo.State.READY) ready++;
          return ready >= options.size().min() + options.size().spare();
        });
    tally.recovered(System.nanoTime() - from);
  }

  private void check() throws Exception {
    Map<Integer, List<Starts.Start>> begun = starts.read();
    Map<Long, Integer> lostUnseen = new HashMap<>();
    for (Errand e : errands) {
      List<Starts.Start> own = begun.getOrDefault(e.order.id(), List.of());
      e.check(own, stopping);
      tally.ended(e, own, options.worker().times().grace());
      if (e.failure instanceof WorkerDiedException died
          && own.stream().noneMatch(s -> s.pid() == died.pid()))
        lostUnseen.merge(died.pid(), 1, Integer::sum);
    }
    // One that had begun, but had not come to write so down, can be lost on each lane; no more.
    lostUnseen.forEach((pid, count) -> {
      if (count > options.size().concurrency())
        throw new AssertionError(count + " tasks were lost with worker " + pid + " unbegun");
    });
    List<Path> left = new ArrayList<>(Footprint.list(scratch));
    left.removeIf(p -> p.toString().equals(starts.file()));
    if (!left.isEmpty()) throw new AssertionError("left behind: " + left);
    // Its results are big, and what the library keeps is measured next.
    errands.clear();
  }

  @Override
  public String toString() {
    return options.toString();
  }
}
