package dev.brigade.auto;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What a fan-out of {@code Tasks.auto()} measured, what it chose, why, and what the alternatives
 * would have cost. For people by {@link #toString}, for machines by {@link #toJson}. To see tasks
 * while they run, use a snapshot instead.
 *
 * {@snippet :
 * List<Page> pages = Tasks.auto().map(urls, this::fetch);
 * show(Advice.of(pages));
 * Tasks.auto().advised(advice -> log(advice)).forEach(orders, this::book);
 * }
 *
 * <p>Immutable. Times are real time, also for a fan-out on a virtual clock. Estimates are worked
 * out from what the first items took, and are no better than those items are typical.
 *
 * @param work what the work is
 * @param evidence the figures behind that
 * @param choice what was done about it
 * @param took how long the whole fan-out took
 * @param estimates what each way of running it would have taken, the chosen one included
 * @param path the limit over time, thinned out; empty if it did not change
 * @param why the reason of the choice, in words
 * @param code what to write instead of {@code auto()}
 */
public record Advice(
    Work work,
    Evidence evidence,
    Choice choice,
    Duration took,
    List<Estimate> estimates,
    List<Step> path,
    String why,
    String code) {

  /** What the work is. */
  public enum Work {
    /** Over before anything could be told, or before it was worth a second thread. */
    TINY,
    /** Keeps a core busy: at least 80 % of the time. */
    COMPUTES,
    /** Partly computes, partly waits. */
    MIXED,
    /** Waits for something outside: at least 80 % of the time. */
    WAITS,
    /** Its items wait for one another, at a lock: shared state to be redesigned. */
    CONTENDS
  }

  /**
   * What was measured, on the threads that ran the first items.
   *
   * @param items how many items the fan-out ran
   * @param measured how many of them were measured to their end
   * @param threads on how many threads, at most as many as cores
   * @param cores how many cores there are
   * @param wall the time in items, added up over the threads
   * @param cpu of that, on a core
   * @param queued of that, ready but in the queue for a core: how busy the machine was with other
   *     things
   * @param busy cpu / (wall - queued), recent items weighing more; between 0 and 1
   * @param locked the share of the time in which an item waited for a lock; between 0 and 1
   * @param lockedAt where in the code it did; empty if that is not known
   * @param caveat how the figures are less exact than usual; empty if they are not
   */
  public record Evidence(
      int items,
      int measured,
      int threads,
      int cores,
      Duration wall,
      Duration cpu,
      Duration queued,
      double busy,
      double locked,
      String lockedAt,
      String caveat) {}

  /**
   * How the bulk of the items was run.
   *
   * @param engine {@code sequential}, {@code cores}, {@code virtual}, or the name of the engine
   *     elsewhere that was given
   * @param limit how many at once, at the end
   * @param adaptive whether the limit was tuned while it ran
   */
  public record Choice(String engine, int limit, boolean adaptive) {
    /** For people. */
    @Override
    public String toString() {
      String on =
          switch (engine) {
            case "cores" -> "on the cores";
            case "virtual" -> "on virtual threads";
            case "sequential" -> "one after the other";
            default -> "on " + engine;
          };
      return limit == 1 && !on.equals("on " + engine)
          ? "one after the other"
          : on + ", " + limit + " at once";
    }
  }

  /**
   * What a way of running the items would have taken.
   *
   * @param way {@code sequential}, {@code cores}, {@code virtual}, or the name of an engine
   *     elsewhere that was tried
   * @param limit how many at once
   * @param time worked out, not measured; of an engine elsewhere from what it did when tried
   * @param chosen whether it is what was done
   */
  public record Estimate(String way, int limit, Duration time, boolean chosen) {}

  /**
   * The limit from one moment on.
   *
   * @param after since the fan-out began
   * @param limit how many at once
   */
  public record Step(Duration after, int limit) {}

  /** Takes copies of the lists. */
  public Advice {
    Objects.requireNonNull(work, "work");
    estimates = List.copyOf(estimates);
    path = List.copyOf(path);
  }

  /**
   * The advice that came with a list.
   *
   * @param results what {@code Tasks.auto()}'s {@code map}, {@code all} or {@code settle} returned,
   *     the very list
   * @throws IllegalArgumentException if the list does not come from there
   */
  public static Advice of(List<?> results) {
    if (results instanceof Advised advised) return advised.advice();
    throw new IllegalArgumentException(
        "results must be the very list that a shape of Tasks.auto() returned, but was a "
            + results.getClass().getName()
            + " (a copy carries no advice)");
  }

  /** A short paragraph for people. */
  @Override
  public String toString() {
    return AdviceText.paragraph(this);
  }

  /** One JSON object on one line; times in seconds. */
  public String toJson() {
    return AdviceText.json(this);
  }
}
