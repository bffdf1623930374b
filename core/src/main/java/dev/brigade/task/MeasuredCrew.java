package dev.brigade.task;

import dev.brigade.engine.Engine;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * For items known in number and of unknown nature: they begin on the cores, and those that are left
 * go on elsewhere if that turns out to be better. All take the next index from one counter.
 */
final class MeasuredCrew<A, R> extends Crew<A, R> {
  private final Items<A> items;
  private final AtomicInteger next = new AtomicInteger();
  private final ChunkingCrew<A, R> first;
  private final @Nullable Rival<A, R> rival;
  private volatile @Nullable PacedCrew<A, R> rest;

  MeasuredCrew(
      TaskScope scope,
      Items<A> items,
      Fn<? super A, ? extends R, ?> f,
      Rule<A, R> rule,
      Trial trial,
      @Nullable Engine elsewhere) {
    super(scope, f, rule, trial.width());
    this.items = items;
    this.first =
        new ChunkingCrew<>(this, items, next, trial, Math.min(trial.width(), items.size()));
    this.rival = elsewhere == null ? null : new Rival<>(elsewhere, this, first, trial, items, next);
  }

  static <A, R> Crew<A, R> of(
      TaskScope scope,
      Items<A> items,
      Fn<? super A, ? extends R, ?> f,
      Rule<A, R> rule,
      Trial trial,
      @Nullable Engine elsewhere) {
    if (items.known() == null) return new PullingCrew<>(scope, items, f, rule, trial);
    return new MeasuredCrew<>(scope, items, f, rule, trial, elsewhere);
  }

  @Override
  void run() throws InterruptedException {
    first.run();
    if (rival != null) rival.run();
  }

  /** Called once, by whoever found out. */
  void moved(Trial.Move to) {
    if (!to.stays()) {
      var crew = new PacedCrew<A, R>(scope, to.engine(), items, next, f, rule, to.pace());
      rest = crew;
      crew.run();
    }
    first.tellCaller();
  }

  @Override
  int done() {
    PacedCrew<A, R> r = rest;
    return first.done() + (r == null ? 0 : r.done()) + (rival == null ? 0 : rival.done());
  }

  @Override
  boolean complete() {
    return done() == items.size();
  }
}
