package dev.brigade.task;

import dev.brigade.annotation.CheckReturnValue;
import dev.brigade.observe.Finding;
import dev.brigade.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * Design. Everything is read from outside, by one thread, from what the tasks keep anyway: so a
 * program that starts no watchdog pays nothing. Looks come sixteen to the shortest threshold, at
 * times that vary, so that a task which waits in step with them is not mistaken for one that never
 * waits; and looks that take long are followed by a pause of fifty times their length, so that the
 * watchdog takes about a fiftieth of one core at most, whatever there is to see.
 *
 * Guards: `streaks` is used under the monitor, `thread` written before it starts. Reports are made
 * outside the monitor.
 *
 * Rejected: the JDK's event for pinned threads, which comes when the wait is over, and needs
 * another module; dates at each wait, which everybody would pay for.
 */
/**
 * Looks at what runs and tells of what hogs a carrier thread, pins it, does not end after its
 * cancellation, or waits for something that never comes, be it itself: each once, with the frames
 * that show it. To look for oneself use {@link Tasks#snapshot}; failures that nobody looks at are
 * reported without a watchdog.
 *
 * {@snippet :
 * try (var _ = Watchdog.start()) {
 *   List<Page> pages = Tasks.map(urls, this::fetch);
 * }
 * }
 *
 * <p>It sees tasks, and the bodies of scopes, on the engines of this JVM; not threads that have
 * nothing to do with this library. What it tells is a list of {@link Finding}s:
 *
 * <ul>
 *   <li><b>Hog</b>: a task on a virtual thread had a carrier at every look, for {@code hogAfter},
 *       and was mostly in Java code. Waiting, queueing for a carrier, reading files, and computing
 *       on other engines are not reported. A task that is busy for nine tenths of its time may be.
 *   <li><b>Pinned</b>: it waits, yet has a carrier, for {@code hogAfter}: a class initialiser or a
 *       native method is on its stack.
 *   <li><b>Slow to end</b>: it was cancelled, or its deadline has passed, and {@code
 *       slowCancelAfter} later it still runs. Shielded clean-up has its own budget and is left
 *       alone.
 *   <li><b>Forgotten</b>: it has been parked on the same thing for {@code forgottenAfter}, without
 *       a bound and without a deadline around it. Daemons are meant to wait and are left alone, and
 *       so is who sleeps, reads from a socket, waits for other tasks, or stands in a {@link
 *       Waiter.Line} that moves.
 *   <li><b>Deadlock</b>: tasks and the bodies of scopes have waited for {@code hogAfter} in a
 *       circle: each for a task to end, for its scope's tasks to end, or for a {@link Guarded} that
 *       the next one holds. One finding names all of them.
 *   <li><b>Unclosed</b>: an {@link Completions} whose opener has ended, or which has had nothing to
 *       do for {@code forgottenAfter}.
 * </ul>
 *
 * <p>A task is reported again only if it was found otherwise in between. Findings name the method
 * whose lambda a task runs; while an observer is registered they name the line of the fork.
 *
 * <p>States: looking until closed; closing waits until its thread has ended, so no report comes
 * later. Cost: nothing while none is started; then one daemon thread, about 50 ns for each live
 * task at each look, some 20 to 100 µs for each stack, and no more than about a fiftieth of one
 * core.
 *
 * <p>Memory effects: none that one may rely on; it reads while others write.
 */
public final class Watchdog implements AutoCloseable {
  private static final int LOOKS = 16;
  private static final int PAUSE = 50;
  private static final long MIN_PERIOD = 5_000_000;
  private static final long MAX_PERIOD = 1_000_000_000;

  private final Options options;
  private final Streak.Table streaks = new Streak.Table();
  private @Nullable Thread thread;
  private volatile boolean closed;

  /**
   * What to call wrong, and whom to tell. Immutable.
   *
   * @param hogAfter how long a task may keep a carrier thread
   * @param slowCancelAfter how long a task may take to end after its cancellation
   * @param forgottenAfter how long a task may wait for the same thing
   * @param report is told of each finding, on the thread that looks; what it throws is logged
   * @param time the clock that all of this is measured by
   */
  @CheckReturnValue
  public record Options(
      Duration hogAfter,
      Duration slowCancelAfter,
      Duration forgottenAfter,
      Consumer<? super Finding> report,
      TimeSource time) {

    /** Checks the values: durations must be more than zero. */
    public Options {
      positive(hogAfter, "hogAfter");
      positive(slowCancelAfter, "slowCancelAfter");
      positive(forgottenAfter, "forgottenAfter");
      Objects.requireNonNull(report, "report");
      Objects.requireNonNull(time, "time");
    }

    private static void positive(Duration d, String name) {
      Objects.requireNonNull(d, name);
      if (d.isNegative() || d.isZero())
        throw new IllegalArgumentException(name + " must be more than zero, but was " + d);
    }

    /** With another bound on how long a task may keep a carrier thread; the default is 1 s. */
    public Options withHogAfter(Duration after) {
      return new Options(after, slowCancelAfter, forgottenAfter, report, time);
    }

    /** With another bound on how long a cancelled task may take to end; the default is 5 s. */
    public Options withSlowCancelAfter(Duration after) {
      return new Options(hogAfter, after, forgottenAfter, report, time);
    }

    /** With another bound on how long a task may wait for one thing; the default is 10 minutes. */
    public Options withForgottenAfter(Duration after) {
      return new Options(hogAfter, slowCancelAfter, after, report, time);
    }

    /**
     * Tells somebody else; the default is the system logger {@code dev.brigade}, as warnings. It
     * must be fast: meanwhile nobody looks.
     */
    public Options reportingTo(Consumer<? super Finding> whom) {
      return new Options(hogAfter, slowCancelAfter, forgottenAfter, whom, time);
    }

    /** Measured by another clock; for tests, which move it between calls of {@link #check}. */
    public Options withTime(TimeSource clock) {
      return new Options(hogAfter, slowCancelAfter, forgottenAfter, report, clock);
    }
  }

  private Watchdog(Options options) {
    this.options = Objects.requireNonNull(options, "options");
  }

  /** The defaults, to begin with. */
  @CheckReturnValue
  public static Options options() {
    return new Options(
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofMinutes(10),
        Watchdog::log,
        TimeSource.system());
  }

  /** Starts one with the defaults. */
  public static Watchdog start() {
    return start(options());
  }

  /** Starts one that looks by itself, on a daemon thread of its own. */
  public static Watchdog start(Options options) {
    var watchdog = new Watchdog(options);
    var thread = new Thread(null, watchdog::run, "brigade-watchdog", 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
    watchdog.thread = thread;
    thread.start();
    return watchdog;
  }

  /** One that looks only when {@link #check} is called; it needs no closing. */
  @CheckReturnValue
  public static Watchdog of(Options options) {
    return new Watchdog(options);
  }

  /**
   * Looks once, now, and reports. A single look finds little: what is found is what was so at three
   * looks at least, for long enough.
   *
   * @return what this look has found, which has been reported as well; unmodifiable
   * @throws IllegalStateException if it is closed
   */
  public List<Finding> check() {
    if (closed) throw new IllegalStateException("the watchdog is closed");
    List<Finding> found;
    synchronized (this) {
      found = List.copyOf(new Round(options, streaks).look());
    }
    for (Finding f : found) if (!closed) report(f);
    return found;
  }

  /** How many states of things it is following. */
  synchronized int watched() {
    return streaks.size();
  }

  private void report(Finding f) {
    try {
      options.report.accept(f);
    } catch (Throwable t) {
      System.getLogger("dev.brigade")
          .log(System.Logger.Level.ERROR, "a report of the watchdog failed: " + f, t);
    }
  }

  private static void log(Finding f) {
    System.getLogger("dev.brigade").log(System.Logger.Level.WARNING, f.toString());
  }

  private void run() {
    // The machine's time: on a clock that stands still nobody would look.
    TimeSource time = TimeSource.system();
    long before = 0;
    while (!closed) {
      long began = time.nanoTime();
      try {
        check();
      } catch (Throwable t) {
        if (closed) return;
        System.getLogger("dev.brigade")
            .log(System.Logger.Level.ERROR, "a look of the watchdog failed", t);
      }
      long took = time.nanoTime() - began;
      // The shorter of two: one look may be long because it was the first, or was held up.
      long until = time.after(Math.max(period(), PAUSE * Math.min(took, before)));
      before = took;
      while (!closed && !time.passed(until)) {
        time.park(this, until);
        // Nobody has a reason to interrupt it, and it must not spin if somebody does.
        boolean unused = Thread.interrupted();
      }
    }
  }

  private long period() {
    long shortest =
        Math.min(
            Durations.nanos(options.hogAfter, "hogAfter"),
            Math.min(
                Durations.nanos(options.slowCancelAfter, "slowCancelAfter"),
                Durations.nanos(options.forgottenAfter, "forgottenAfter")));
    long period = Math.clamp(shortest / LOOKS, MIN_PERIOD, MAX_PERIOD);
    return period - period / 4 + ThreadLocalRandom.current().nextLong(period / 2);
  }

  /**
   * Stops looking; harmless when called again. No report of its thread comes after it has returned.
   */
  @Override
  public void close() {
    closed = true;
    Thread t = thread;
    if (t == null || t == Thread.currentThread()) return;
    TimeSource.system().unpark(t);
    boolean flag = false;
    while (t.isAlive()) {
      try {
        t.join();
      } catch (InterruptedException e) {
        flag = true;
      }
    }
    if (flag) Thread.currentThread().interrupt();
  }

  @Override
  public String toString() {
    return closed ? "a watchdog, closed" : "a watchdog";
  }
}
