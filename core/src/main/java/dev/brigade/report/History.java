package dev.brigade.report;

import dev.brigade.observe.PolicyEvent;
import dev.brigade.observe.TaskEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/*
 * Design. One walk over the events as they came, which is the order of each task. An item has no
 * task of its own: it starts without having been forked, on the thread of a worker of its scope, and
 * the worker's waits meanwhile are the item's. The workers themselves are then no work and not kept.
 *
 * Clocks are compared by difference only. An event before the first one, as when a nested scope has
 * a clock of its own, counts as at the first; a task neither starts nor ends before it was begun.
 */
/** The tasks and items of a recording, put together from its events. */
final class History {
  /** Longer than any run, and far from where sums overflow. */
  private static final long LONGEST = Long.MAX_VALUE >> 3;

  private static final int KINDS = 1_000;

  /** What was at work, in the order in which it began; never-started tasks included. */
  final List<Activity> work = new ArrayList<>();

  final long missed;
  final int events;

  /** The first event's time on its clock, and from there to the last event. */
  long origin;

  long nanos;

  /** Until the scope closed, which may be later than what was recorded. */
  long whole;

  @Nullable String rootName;
  String engine = "";

  /** What policies did, and how often. */
  final Map<String, Integer> policies = new LinkedHashMap<>();

  private record Opened(Activity by, long at) {}

  private record Place(String thread, long scope) {}

  private final Map<Long, Activity> byNumber = new LinkedHashMap<>();
  private final Map<Long, Opened> openers = new HashMap<>();
  private final Map<Place, Activity> workerAt = new HashMap<>();
  private final Map<Activity, Activity> itemOf = new HashMap<>();
  private final Map<String, Activity> runsOn = new HashMap<>();
  private final Set<Activity> cancelled = new HashSet<>();
  private int seen;

  private History(Recording recording) {
    this.missed = recording.missed();
    recording.forEach(this::read);
    this.events = seen;
    TaskEvent end = recording.lateEnd();
    this.whole = end == null ? nanos : Math.max(nanos, end.nanos() - origin);
    var workers = new HashSet<Long>();
    for (Activity a : byNumber.values()) if (a.item) workers.add(a.parent);
    for (Activity a : byNumber.values()) {
      if (!a.item && workers.contains(a.parent)) continue;
      finish(a);
      if (a.begin() != Activity.NEVER) work.add(a);
    }
    work.sort((a, b) -> Long.compare(a.begin(), b.begin()));
  }

  static History of(Recording recording) {
    return new History(recording);
  }

  /**
   * What is not known to have ended is drawn to the end; a worker's cancellation is its last
   * item's.
   */
  private void finish(Activity a) {
    if (a.ended == Activity.NEVER) {
      a.resumed(nanos);
      a.ended = nanos;
    }
    a.marks.replaceAll(m -> m.at() <= a.ended ? m : new Activity.Mark(a.ended, m.what()));
    Activity w = a.worker;
    if (w == null || a.ending != Activity.Ending.FAILED || itemOf.get(w) != a) return;
    if (w.ending == Activity.Ending.CANCELLED || cancelled.contains(w)) {
      a.ending = Activity.Ending.CANCELLED;
      if (w.why != null) a.why = w.why;
    }
  }

  /** In a sentence. */
  String description() {
    long failed = work.stream().filter(a -> a.ending == Activity.Ending.FAILED).count();
    return Figures.count(work.size(), "task")
        + " in "
        + Figures.nanos(nanos)
        + (failed == 0 ? "." : ", of which " + Figures.whole(failed) + " failed.");
  }

  /**
   * What would be left to do one after the other: all lengths, without what others did meanwhile.
   */
  double ownNanos() {
    double sum = 0;
    for (Activity a : work) if (a.ran()) sum += Math.max(0, a.length() - a.nested);
    return sum;
  }

  String missedInWords() {
    return "there was room for "
        + Figures.count(events, "event")
        + ", which lasted for "
        + Figures.nanos(nanos)
        + "; "
        + Figures.whole(missed)
        + " more were not recorded.";
  }

  /** How it ended, as far as it is known. */
  String words(Activity a) {
    boolean unknown = a.ending == Activity.Ending.OPEN && missed > 0;
    return unknown ? "its end was not recorded" : a.ending.words;
  }

  private long at(long time) {
    if (seen++ == 0) origin = time;
    long since = Math.clamp(time - origin, 0, LONGEST);
    nanos = Math.max(nanos, since);
    return since;
  }

  private void read(Object event) {
    if (event instanceof TaskEvent e) task(e, at(e.nanos()));
    else if (event instanceof PolicyEvent e) policy(e);
  }

  private void task(TaskEvent e, long at) {
    switch (e.kind()) {
      case OPENED -> {
        if (rootName == null) {
          rootName = Figures.shown(e.name());
          engine = e.engine();
        }
        Activity opener = byNumber.get(e.parent());
        if (opener != null) openers.put(e.task(), new Opened(innermost(opener), at));
      }
      case FORKED -> activity(e, false).forked = at;
      case STARTED -> started(e, at);
      case WAITING -> {
        Activity a = current(e);
        if (a == null) return;
        a.resumed(at);
        a.waitingSince = Math.max(at, a.started);
        a.waitingFor = Figures.shown(Objects.requireNonNullElse(e.detail(), ""));
      }
      case RESUMED -> {
        Activity a = current(e);
        if (a != null) a.resumed(at);
      }
      case ENDED -> ended(e, at);
      case CANCELLED -> {
        Activity a = current(e);
        Activity task = byNumber.get(e.task());
        if (task == null || a == null) return;
        cancelled.add(task);
        if (task.why == null) task.why = Figures.shown(Objects.requireNonNullElse(e.detail(), ""));
        // Told by whoever asks, so perhaps after the end that it led to.
        long asked = a.ended == Activity.NEVER ? at : Math.min(at, a.ended);
        a.mark(asked, "asked to stop: " + task.why);
      }
      case OVERRAN, UNOBSERVED -> {
        Activity a = current(e);
        if (a == null) return;
        String what = e.kind() == TaskEvent.Kind.OVERRAN ? "overran: " : "nobody looked at it: ";
        a.mark(at, what + Figures.shown(Objects.requireNonNullElse(e.detail(), "")));
      }
      case CLOSED -> {
        Opened scope = openers.remove(e.task());
        if (scope != null) scope.by.nested += at - scope.at;
      }
    }
  }

  private Activity activity(TaskEvent e, boolean item) {
    return byNumber.computeIfAbsent(
        e.task(), n -> new Activity(n, e.parent(), item, Figures.shown(e.name()), e.engine()));
  }

  /** What runs on that task now: itself, or an item of which it is the worker. */
  private @Nullable Activity current(TaskEvent e) {
    Activity task = byNumber.get(e.task());
    return task == null ? null : innermost(task);
  }

  private Activity innermost(Activity task) {
    Activity item = itemOf.get(task);
    return item != null && item.ended == Activity.NEVER ? item : task;
  }

  private void started(TaskEvent e, long at) {
    if (e.task() == 0) return;
    boolean item = !byNumber.containsKey(e.task());
    Activity a = activity(e, item);
    a.started = Math.max(at, a.forked);
    a.thread = Figures.thread(e.thread());
    runsOn.put(e.thread(), a);
    var place = new Place(e.thread(), e.parent());
    if (!item) {
      workerAt.put(place, a);
      return;
    }
    Activity worker = workerAt.get(place);
    if (worker == null) return;
    a.worker = worker;
    itemOf.put(worker, a);
  }

  private void ended(TaskEvent e, long at) {
    Activity a = byNumber.get(e.task());
    if (a == null) return;
    a.ended = Math.max(at, a.ran() ? a.started : a.forked);
    a.resumed(a.ended);
    String outcome = Objects.requireNonNullElse(e.detail(), "").toUpperCase(Locale.ROOT);
    for (Activity.Ending known : Activity.Ending.values())
      if (known.name().equals(outcome)) a.ending = known;
    // Where another process runs it, its start is not seen.
    boolean elsewhere = a.ending == Activity.Ending.SUCCESS || a.ending == Activity.Ending.FAILED;
    if (!a.ran() && elsewhere) a.started = a.forked;
    if (e.failure() != null) a.why = Figures.failure(e.failure());
    if (!a.item) workerAt.remove(new Place(e.thread(), e.parent()), a);
    if (runsOn.get(e.thread()) == a) {
      if (a.worker != null) runsOn.put(e.thread(), a.worker);
      else runsOn.remove(e.thread());
    }
  }

  private void policy(PolicyEvent e) {
    String did = e.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    String by = Figures.shown(e.policy());
    String what = by + ": " + did;
    if (policies.size() < KINDS || policies.containsKey(what))
      policies.merge(what, 1, Integer::sum);
    Activity a = runsOn.get(e.thread());
    if (a == null) return;
    Activity on = innermost(a);
    // On the policy's clock, which may be another one; never outside of the task.
    long at = Math.clamp(e.nanos() - origin, Math.max(0, on.started), LONGEST);
    String detail = e.detail() == null ? "" : ": " + e.detail();
    on.mark(at, Figures.shown(did + " by " + by + detail));
  }
}
