package dev.brigade.task;

import dev.brigade.engine.Engine;
import dev.brigade.engine.EngineThread;
import dev.brigade.time.TimeSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/*
 * Design. Runs on the caller's thread, which would only wait otherwise, when it is known that the work
 * keeps cores busy or waits for a lock. What this JVM does is measured, then its workers stand aside,
 * and the engine elsewhere takes items from the same counter; either it keeps the rest, or they come
 * back when its places are empty. So never more than the limit are in progress, and each item runs
 * once, wherever. It costs what the slower one loses in its time, so it needs enough that is left.
 *
 * What the engine refuses, because it can't travel, is run here, and so is all after it.
 */
/** An engine elsewhere that may take over the rest of a measured fan-out. */
final class Rival<A, R> {
  private static final long WORTH_COMPUTING_NANOS = 2_000_000_000;
  private static final long WORTH_LOCKED_NANOS = 500_000_000;
  private static final long LEAST_NANOS = 150_000_000;
  private static final long SLICE_NANOS = 50_000_000;
  private static final long MOST_NANOS = 400_000_000;
  private static final long PAUSE_NANOS = 1_000_000;
  private static final int ITEMS_EACH = 4;
  private static final int PART = 10;

  private final Engine engine;
  private final MeasuredCrew<A, R> crew;
  private final ChunkingCrew<A, R> first;
  private final Trial trial;
  private final Items<A> items;
  private final AtomicInteger next;
  private final int width;
  private @Nullable BatchCrew<A, R> there;
  private final AtomicInteger doneHere = new AtomicInteger();

  Rival(
      Engine engine,
      MeasuredCrew<A, R> crew,
      ChunkingCrew<A, R> first,
      Trial trial,
      Items<A> items,
      AtomicInteger next) {
    this.engine = engine;
    this.crew = crew;
    this.first = first;
    this.trial = trial;
    this.items = items;
    this.next = next;
    this.width = Math.min(engine.traits().defaultLimit(), trial.most());
  }

  /** How many items it has done, or run here because it could not. */
  int done() {
    BatchCrew<A, R> t = there;
    return doneHere.get() + (t == null ? 0 : t.done());
  }

  private int remaining() {
    return Math.max(0, items.size() - next.get());
  }

  private boolean isOver() {
    return remaining() == 0 || crew.stopped();
  }

  void run() throws InterruptedException {
    if (Thread.currentThread() instanceof EngineThread || !trial.keepsCores()) return;
    double here = measureHere();
    if (isOver() || here <= 0) return;
    double left = remaining() / here;
    if (left < (trial.contends() ? WORTH_LOCKED_NANOS : WORTH_COMPUTING_NANOS)) return;
    if (!trial.standAside()) return;
    while (trial.isPresent() && !crew.stopped()) pause(PAUSE_NANOS);
    var compared = new Comparison(here, Math.max(MOST_NANOS, (long) (left / PART)));
    if (!goesThere(here, compared)) comeBack();
  }

  /** Items for each nanosecond, with all workers here; that takes time, but costs none. */
  private double measureHere() throws InterruptedException {
    long start = System.nanoTime();
    int before = trial.items();
    while (!isOver()) {
      pause(PAUSE_NANOS);
      long took = System.nanoTime() - start;
      int ended = trial.items() - before;
      if (took >= LEAST_NANOS && ended >= ITEMS_EACH * trial.width()) return ended / (double) took;
    }
    return 0;
  }

  private boolean goesThere(double here, Comparison compared) throws InterruptedException {
    var batches = new BatchCrew<A, R>(crew.scope, engine, items, next, crew.f, crew.rule, width);
    there = batches;
    long start = System.nanoTime();
    long sliceStart = start;
    int sliceItems = 0;
    var verdict = Comparison.Verdict.OPEN;
    while (batches.awaitPlace()) {
      long took = System.nanoTime() - sliceStart;
      if (verdict == Comparison.Verdict.OPEN && took >= SLICE_NANOS) {
        int ended = batches.done();
        verdict = compared.slice(ended - sliceItems, took);
        if (verdict != Comparison.Verdict.OPEN)
          tell(verdict == Comparison.Verdict.THERE, here, compared.there(), "");
        if (verdict == Comparison.Verdict.HERE) return false;
        sliceItems = ended;
        sliceStart += took;
      }
      String refusal = batches.handOutOne(this::runHere);
      if (refusal == null) continue;
      tell(false, here, compared.there(), refusal);
      return false;
    }
    if (verdict == Comparison.Verdict.OPEN && !crew.stopped()) {
      // Nothing was left before it was decided.
      batches.awaitNoneOut();
      double rate = batches.done() / (double) Math.max(1, System.nanoTime() - start);
      tell(rate >= Comparison.CLEAR * here, here, rate, "");
    }
    return true;
  }

  private void tell(boolean chosen, double here, double there, String refusal) {
    trial.compared(new Trial.Elsewhere(engine, width, chosen, here, there, refusal));
  }

  /** What the engine refused. */
  private void runHere(int from, int to) {
    first.forkRange(from, to, doneHere);
  }

  private void comeBack() throws InterruptedException {
    BatchCrew<A, R> t = there;
    if (t != null) t.awaitNoneOut();
    trial.comeBack();
    first.resume();
  }

  private static void pause(long nanos) throws InterruptedException {
    Trial.pause(new Waiter(TimeSource.system()), nanos);
  }
}
