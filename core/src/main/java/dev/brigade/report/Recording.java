package dev.brigade.report;

import dev.brigade.observe.Observer;
import dev.brigade.observe.PolicyEvent;
import dev.brigade.observe.TaskEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * Design. Whoever tells an event takes the next place by one increment and puts the event there:
 * nobody waits for anybody. Places are in blocks, made when they are first needed. A reader skips
 * places that were taken and not yet filled.
 *
 * Which events belong to the scope that is recorded: a scope or task belongs if its parent does, so
 * the numbers of what has begun and not ended are kept. Numbers of scopes stay while there is room,
 * since failures that nobody looked at are told after a scope has closed. Policies know threads
 * only: theirs belongs if the thread runs one of the tasks.
 *
 * Invariants: at most `max` events are kept. `inside` holds at most as many numbers of scopes as
 * events are kept, and those of what is alive.
 */
/**
 * Keeps the events that it is told of, as many as it has room for, to be drawn on a {@link Page} or
 * looked at in a test. {@code FanOut.report} makes one by itself; use this to choose what is kept,
 * or to draw several runs on one page.
 *
 * {@snippet :
 * var seen = Recording.ofNextScope(10_000);
 * try (var _ = Observers.register(seen)) { Tasks.map(urls, this::fetch); }
 * dev.brigade.report.Page.titled("Fetching").recording(seen).writeTo(Path.of("fetching.html"));
 * }
 *
 * <p>Any threads may tell it events, and read what it has, at any time. Cost: an increment and an
 * array element for each event, and where one scope is recorded, a look-up in a map.
 */
public final class Recording implements Observer {
  private static final int BLOCK_BITS = 10;
  private static final int BLOCK = 1 << BLOCK_BITS;

  private final int max;
  private final AtomicLong told = new AtomicLong();
  private final AtomicReferenceArray<@Nullable AtomicReferenceArray<@Nullable Object>> blocks;

  private final @Nullable Thread opener;
  private volatile long root;
  private volatile @Nullable TaskEvent lateEnd;
  private final Set<Long> inside = ConcurrentHashMap.newKeySet();
  private final Map<Thread, Integer> threads = new ConcurrentHashMap<>();

  private Recording(int maxEvents, @Nullable Thread opener) {
    if (maxEvents < 1)
      throw new IllegalArgumentException("maxEvents must be at least 1, but was " + maxEvents);
    this.max = maxEvents;
    this.opener = opener;
    this.blocks = new AtomicReferenceArray<>((maxEvents - 1 >> BLOCK_BITS) + 1);
  }

  /**
   * Of everything in this JVM.
   *
   * @param maxEvents how many are kept, the first ones, at least 1; about 150 bytes each
   */
  public static Recording ofAll(int maxEvents) {
    return new Recording(maxEvents, null);
  }

  /**
   * Of the first scope or fan-out that the calling thread opens from now on, and of everything
   * below it: what its tasks open included, whatever else runs meanwhile excluded.
   *
   * @param maxEvents how many are kept, the first ones, at least 1; about 150 bytes each
   */
  public static Recording ofNextScope(int maxEvents) {
    return new Recording(maxEvents, Thread.currentThread());
  }

  @Override
  public void onEvent(TaskEvent event) {
    Objects.requireNonNull(event, "event");
    if (opener == null || belongs(event)) keep(event);
  }

  @Override
  public void onPolicy(PolicyEvent event) {
    Objects.requireNonNull(event, "event");
    Thread here = Thread.currentThread();
    if (opener == null || root != 0 && (here == opener || threads.containsKey(here))) keep(event);
  }

  private void keep(Object event) {
    long place = told.getAndIncrement();
    if (place < max) block((int) place >> BLOCK_BITS).setRelease((int) place & BLOCK - 1, event);
    else if (event instanceof TaskEvent e && isEnd(e)) lateEnd = e;
  }

  private AtomicReferenceArray<@Nullable Object> block(int index) {
    AtomicReferenceArray<@Nullable Object> block = blocks.get(index);
    if (block != null) return block;
    var made = new AtomicReferenceArray<@Nullable Object>(BLOCK);
    var first = blocks.compareAndExchange(index, null, made);
    return first == null ? made : first;
  }

  private boolean belongs(TaskEvent e) {
    if (root == 0) return isRoot(e);
    switch (e.kind()) {
      case OPENED, FORKED -> {
        if (e.task() == 0 || !inside.contains(e.parent())) return false;
        inside.add(e.task());
        return true;
      }
      case CLOSED -> {
        return told.get() < max ? inside.contains(e.task()) : inside.remove(e.task());
      }
      case STARTED -> {
        if (!inside.contains(e.parent())) return false;
        threads.merge(Thread.currentThread(), 1, Integer::sum);
        return true;
      }
      case ENDED -> {
        if (!inside.contains(e.parent())) return false;
        inside.remove(e.task());
        threads.computeIfPresent(Thread.currentThread(), (t, n) -> n > 1 ? n - 1 : null);
        return true;
      }
      default -> {
        return inside.contains(e.parent());
      }
    }
  }

  private boolean isEnd(TaskEvent e) {
    return e.kind() == TaskEvent.Kind.CLOSED && e.task() == root;
  }

  private boolean isRoot(TaskEvent e) {
    boolean first = e.kind() == TaskEvent.Kind.OPENED && Thread.currentThread() == opener;
    if (!first || e.task() == 0) return false;
    inside.add(e.task());
    root = e.task();
    return true;
  }

  /** The events of tasks, those of each task in order. A copy of what is there now. */
  public List<TaskEvent> events() {
    var events = new ArrayList<TaskEvent>();
    forEach(e -> {
      if (e instanceof TaskEvent task) events.add(task);
    });
    return events;
  }

  /** The events of policies, those of each thread in order. A copy of what is there now. */
  public List<PolicyEvent> policyEvents() {
    var events = new ArrayList<PolicyEvent>();
    forEach(e -> {
      if (e instanceof PolicyEvent policy) events.add(policy);
    });
    return events;
  }

  /** How many events were told and not kept, for want of room. */
  public long missed() {
    return Math.max(0, told.get() - max - (lateEnd == null ? 0 : 1));
  }

  /** The end of the scope that is recorded, if there was no room left for it. */
  @Nullable TaskEvent lateEnd() {
    return lateEnd;
  }

  /** Both kinds of events as they came. */
  void forEach(Consumer<Object> each) {
    int kept = (int) Math.min(max, told.get());
    for (int i = 0; i < kept; i++) {
      AtomicReferenceArray<@Nullable Object> block = blocks.get(i >> BLOCK_BITS);
      Object event = block == null ? null : block.getAcquire(i & BLOCK - 1);
      if (event != null) each.accept(event);
    }
  }

  @Override
  public String toString() {
    return "recording of " + Math.min(max, told.get()) + " events, " + missed() + " more not kept";
  }
}
