package dev.brigade.task;

import dev.brigade.engine.Engine;
import dev.brigade.time.TimeSource;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/*
 * Design. The caller pulls and queues; a worker takes from the queue until it is empty and then
 * ends; the caller starts one when there is a queued item and room. Guarded by the monitor: queue,
 * ahead, team, room, bound, pace, puller.
 * Invariants: ahead = items pulled and not ended <= bound, but for the moment after the bound has
 * shrunk. team.size <= room, likewise. If the queue is not empty, the team has workers: one leaves only
 * when the queue is empty, or when there are more than the room, which is at least 1. Bound is the
 * room, so that what is pulled is about to run; on an engine that chunks it is wider, since there the
 * hand-over would cost more than the item.
 *
 * With a trial the work begins on the cores; when it moves, a new team takes over the queue, and the
 * old one's workers leave when they have been measured. The room then follows the pace.
 */
/** Items are pulled on the caller's thread as workers get free. */
final class PullingCrew<A, R> extends Crew<A, R> {
  private static final long PAUSE_NANOS = 500_000;

  private final Iterator<? extends A> input;
  private final @Nullable Trial trial;
  private final ArrayDeque<Item<A>> queue = new ArrayDeque<>();
  private Team team;
  private int room;
  private int bound;
  private @Nullable Pace pace;
  private int ahead;

  // The caller's own.
  private int pulled;
  private boolean exhausted;

  private @Nullable Waiter puller;

  private record Item<A>(int index, A item) {}

  PullingCrew(
      TaskScope scope,
      Items<A> items,
      Fn<? super A, ? extends R, ?> f,
      Rule<A, R> rule,
      int width) {
    super(scope, f, rule, width);
    this.input = Objects.requireNonNull(items.pulled());
    this.trial = null;
    this.room = width;
    boolean chunked = scope.engine.traits().chunked();
    this.bound = chunked ? (int) Math.min(Integer.MAX_VALUE, 64L * width) : width;
    this.team = new Team(engine, f);
  }

  PullingCrew(
      TaskScope scope,
      Items<A> items,
      Fn<? super A, ? extends R, ?> f,
      Rule<A, R> rule,
      Trial trial) {
    super(scope, Engine.cores(), f, rule, trial.width());
    this.input = Objects.requireNonNull(items.pulled());
    this.trial = trial;
    this.room = width;
    trial.dontExperiment();
    this.bound = Math.min(16 * width, trial.most());
    this.team = new Team(engine, f);
  }

  @Override
  void run() throws InterruptedException {
    for (int i = 0; !stopped(); i++) {
      if (!input.hasNext()) {
        exhausted = true;
        return;
      }
      A item = input.next();
      pulled++;
      if (offer(new Item<>(i, item)) instanceof Team growing) fork(growing.engine, growing.worker);
      if (trial != null && trial.isOpen()) look(trial);
      awaitRoom();
    }
  }

  @Override
  boolean complete() {
    return exhausted && ended.get() == pulled;
  }

  /** The team, if it is to have one worker more. */
  private synchronized @Nullable Team offer(Item<A> item) {
    queue.add(item);
    ahead++;
    if (team.size >= room) return null;
    team.size++;
    return team;
  }

  /** Before the next pull, so that an item is not asked for long before it can run. */
  private void awaitRoom() throws InterruptedException {
    while (true) {
      boolean open = trial != null && trial.isOpen();
      Waiter w;
      synchronized (this) {
        if (ahead < bound) return;
        w = open ? new Waiter(TimeSource.system()) : new Waiter();
        puller = w;
      }
      scope.helpQueued();
      if (!open || trial == null) {
        boolean unused = w.await("a free worker", TimeSource.NEVER);
        return;
      }
      Trial.pause(w, PAUSE_NANOS);
      look(trial);
    }
  }

  private void look(Trial open) {
    if (open.look() instanceof Trial.Move m) moved(m);
  }

  /** Called once, by whoever found out. */
  private void moved(Trial.Move to) {
    Team growing;
    int more;
    synchronized (this) {
      pace = to.pace();
      room = to.pace().width();
      if (to.stays()) return;
      bound = room;
      growing = new Team(to.engine(), new PacedFn<A, R>(to.pace(), f));
      more = Math.min(room, queue.size());
      growing.size = more;
      team = growing;
    }
    for (int i = 0; i < more; i++) fork(growing.engine, growing.worker);
  }

  private synchronized @Nullable Item<A> take(Team of, boolean after) {
    if (after) {
      ended.getAndIncrement();
      ahead--;
      follow();
      if (puller != null && ahead < bound) {
        boolean unused = puller.signal();
        puller = null;
      }
    }
    Item<A> item = stopped() || leaves(of) ? null : queue.poll();
    if (item == null) of.size--;
    return item;
  }

  private void follow() {
    if (pace == null) return;
    room = pace.width();
    if (!team.engine.traits().chunked()) bound = room;
  }

  private boolean leaves(Team of) {
    if (of != team) return trial != null && trial.isOver();
    return of.size > room;
  }

  /** The workers of one engine. */
  private final class Team {
    final Engine engine;
    final Fn<? super A, ? extends R, ?> f;
    final Taker worker = new Taker(this);
    int size;

    Team(Engine engine, Fn<? super A, ? extends R, ?> f) {
      this.engine = engine;
      this.f = f;
    }
  }

  private final class Taker extends Worker {
    private final Team team;

    Taker(Team team) {
      this.team = team;
    }

    @Override
    void work() throws Exception {
      Trial.Seat seat = null;
      if (trial != null && team.engine.traits().chunked()) {
        seat = trial.enter();
        // Then another team takes over the queue.
        if (seat == null) return;
      }
      try {
        for (Item<A> next = take(team, false); next != null; next = take(team, true)) {
          if (seat != null) seat.begins();
          item(team.f, next.index, next.item);
          if (seat == null || trial == null) continue;
          seat.ended(1);
          look(trial);
        }
      } finally {
        if (seat != null) seat.leave();
      }
    }
  }
}
