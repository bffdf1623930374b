package dev.brigade.task;

import dev.brigade.annotation.CheckReturnValue;
import dev.brigade.engine.Engine;
import dev.brigade.observe.Snapshot;
import dev.brigade.policy.Policy;
import dev.brigade.time.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Doing several things at once: the entrance to the library. Every shape is here with the defaults,
 * virtual threads among them; {@link #on}, {@link #limit}, {@link #within(Duration)} and the like
 * begin a {@link FanOut} that has the same shapes.
 *
 * <table>
 * <caption>Which to use</caption>
 * <tr><td>one function, many items, all results</td><td>{@link #map(Iterable, Fn) map}</td></tr>
 * <tr><td>the same, failures as values</td><td>{@link #settle(Iterable, Fn) settle}</td></tr>
 * <tr><td>the same, as they come</td><td>{@link #asCompleted asCompleted}</td></tr>
 * <tr><td>a few different calls</td><td>{@link #all(Work, Work) all}</td></tr>
 * <tr><td>the first success, the first to end, k successes</td>
 *     <td>{@link #any any}, {@link #race race}, {@link #quorum quorum}</td></tr>
 * <tr><td>the first success, the next begun only while it is late</td>
 *     <td>{@link #hedge hedge}</td></tr>
 * <tr><td>tasks that fork tasks, daemons, several waits</td><td>{@link #scope scope}</td></tr>
 * <tr><td>one call with a deadline</td><td>{@link #within(Duration, Work) within}</td></tr>
 * </table>
 *
 * <p>Interrupt means cancel: a cancelled task is interrupted, what was interrupted is awaited, and
 * the library leaves no interrupt of its own behind. One thing Java cannot tell apart: an interrupt
 * from outside that reaches a thread in the same block as one of ours may merge with it.
 */
public final class Tasks {
  private Tasks() {}

  // ---- choices

  /** Begins a fan-out on this engine. */
  @CheckReturnValue
  public static FanOut on(Engine engine) {
    return FanOut.DEFAULT.on(engine);
  }

  /**
   * Begins a fan-out that measures its first items, and runs the rest where that is best. See
   * {@link FanOut#auto}.
   *
   * {@snippet :
   * List<Page> pages = Tasks.auto().map(urls, this::fetch);
   * show(Advice.of(pages));
   * }
   */
  @CheckReturnValue
  public static FanOut auto() {
    return FanOut.DEFAULT.auto();
  }

  /** As {@link #auto()}, and perhaps on this engine; as {@link FanOut#auto(Engine)}. */
  @CheckReturnValue
  public static FanOut auto(Engine elsewhere) {
    return FanOut.DEFAULT.auto(elsewhere);
  }

  /** Begins a fan-out of at most this many items at once, at least 1. */
  @CheckReturnValue
  public static FanOut limit(int atOnce) {
    return FanOut.DEFAULT.limit(atOnce);
  }

  /** Begins a fan-out with a name for snapshots and events. */
  @CheckReturnValue
  public static FanOut named(String name) {
    return FanOut.DEFAULT.named(name);
  }

  /** Begins a fan-out on this clock; for tests. */
  @CheckReturnValue
  public static FanOut time(TimeSource time) {
    return FanOut.DEFAULT.time(time);
  }

  /** Begins a fan-out with a deadline for the whole. */
  @CheckReturnValue
  public static FanOut within(Duration timeout) {
    return FanOut.DEFAULT.within(timeout);
  }

  /** Begins a fan-out that gives up waiting for cancelled tasks after a while. */
  @CheckReturnValue
  public static FanOut abandonAfter(Duration grace) {
    return FanOut.DEFAULT.abandonAfter(grace);
  }

  /** Begins a fan-out that a token cancels. */
  @CheckReturnValue
  public static FanOut cancelledBy(CancelToken token) {
    return FanOut.DEFAULT.cancelledBy(token);
  }

  /** Begins a fan-out whose every item, branch and fork runs under this policy. */
  @CheckReturnValue
  public static FanOut with(Policy policy) {
    return FanOut.DEFAULT.with(policy);
  }

  /** Begins a fan-out that leaves a page about itself, for people. */
  @CheckReturnValue
  public static FanOut report(Path file) {
    return FanOut.DEFAULT.report(file);
  }

  /** Begins a fan-out with up to this many attempts for each item, as {@link FanOut#retry}. */
  @CheckReturnValue
  public static FanOut retry(int attempts) {
    return FanOut.DEFAULT.retry(attempts);
  }

  /** Begins a fan-out of at most so many begins in a time, as {@link FanOut#rate}. */
  @CheckReturnValue
  public static FanOut rate(int begins, Duration per) {
    return FanOut.DEFAULT.rate(begins, per);
  }

  /** Begins a fan-out with so long for each item, as {@link FanOut#timeout}. */
  @CheckReturnValue
  public static FanOut timeout(Duration each) {
    return FanOut.DEFAULT.timeout(each);
  }

  // ---- shapes

  /**
   * Applies a function to every item, concurrently. (Python: {@code executor.map}, {@code gather};
   * JavaScript: {@code Promise.all}.) A collection is taken as it is now; any other iterable is
   * pulled lazily, on the calling thread, and closed if it can be.
   *
   * @return one result for each item, in the order of the items, nulls included; empty for no
   *     items; unmodifiable
   * @throws X what the function threw first, the very object; the other items are cancelled and
   *     awaited, and what they threw is suppressed in it
   * @throws InterruptedException if the calling thread is interrupted, after the items were
   *     cancelled
   */
  @CheckReturnValue
  public static <A, R, X extends Exception> List<R> map(
      Iterable<? extends A> items, Fn<? super A, ? extends R, ? extends X> f)
      throws X, InterruptedException {
    return FanOut.DEFAULT.map(items, f);
  }

  /**
   * As {@link #map(Iterable, Fn)}; the stream is pulled lazily, on the calling thread, and closed.
   */
  @CheckReturnValue
  public static <A, R, X extends Exception> List<R> map(
      Stream<? extends A> items, Fn<? super A, ? extends R, ? extends X> f)
      throws X, InterruptedException {
    return FanOut.DEFAULT.map(items, f);
  }

  /** Does something with every item, concurrently; otherwise as {@link #map(Iterable, Fn)}. */
  public static <A, X extends Exception> void forEach(
      Iterable<? extends A> items, VoidFn<? super A, ? extends X> f)
      throws X, InterruptedException {
    FanOut.DEFAULT.forEach(items, f);
  }

  /** Does something with every item, concurrently; otherwise as {@link #map(Stream, Fn)}. */
  public static <A, X extends Exception> void forEach(
      Stream<? extends A> items, VoidFn<? super A, ? extends X> f) throws X, InterruptedException {
    FanOut.DEFAULT.forEach(items, f);
  }

  /**
   * Applies a function to every item and gives back how each ended: failures are values. (Python:
   * {@code gather(return_exceptions=True)}; JavaScript: {@code Promise.allSettled}.) An {@link
   * Error} is a failure like any other.
   *
   * @return one outcome for each item, in the order of the items; empty for no items
   * @throws InterruptedException if the calling thread is interrupted, after the items were
   *     cancelled
   */
  @CheckReturnValue
  public static <A, R> List<Outcome<R>> settle(
      Iterable<? extends A> items, Fn<? super A, ? extends R, ?> f) throws InterruptedException {
    return FanOut.DEFAULT.settle(items, f);
  }

  /** As {@link #settle(Iterable, Fn)}; the stream is pulled on the calling thread, and closed. */
  @CheckReturnValue
  public static <A, R> List<Outcome<R>> settle(
      Stream<? extends A> items, Fn<? super A, ? extends R, ?> f) throws InterruptedException {
    return FanOut.DEFAULT.settle(items, f);
  }

  /** Runs every piece of work and gives back how each ended; as {@link #settle(Iterable, Fn)}. */
  @CheckReturnValue
  public static <R> List<Outcome<R>> settle(Collection<? extends Work<? extends R, ?>> works)
      throws InterruptedException {
    return FanOut.DEFAULT.settle(works);
  }

  /** As {@link #settle(Collection)}, of pieces written out. */
  @SafeVarargs
  @SuppressWarnings("varargs")
  @CheckReturnValue
  public static <R> List<Outcome<R>> settle(Work<? extends R, ?>... works)
      throws InterruptedException {
    return FanOut.DEFAULT.settle(works);
  }

  /**
   * Runs every piece of work, concurrently; otherwise as {@link #map(Iterable, Fn)}. Give the list
   * its type, {@code List<Work<Page, IOException>>}: {@code List.of(() -> …)} in the call hides
   * what its lambdas throw.
   */
  @CheckReturnValue
  public static <R, X extends Exception> List<R> all(
      Collection<? extends Work<? extends R, ? extends X>> works) throws X, InterruptedException {
    return FanOut.DEFAULT.all(works);
  }

  /**
   * Runs different pieces of work together; each branch keeps its own result type and its own
   * exception. (Python: {@code gather(a(), b())}; JavaScript: {@code Promise.all([a(), b()])}.) The
   * first failure cancels the others and is thrown as it is. There are forms for up to five; for
   * more, nest, or open a {@link #scope}.
   *
   * {@snippet :
   * var both = Tasks.all(() -> user(id), () -> orders(id));
   * show(both.first(), both.second());
   * }
   *
   * @return the results, in the order of the branches
   */
  @CheckReturnValue
  public static <A, B, X1 extends Exception, X2 extends Exception> Two<A, B> all(
      Work<A, X1> a, Work<B, X2> b) throws X1, X2, InterruptedException {
    return FanOut.DEFAULT.all(a, b);
  }

  /** As {@link #all(Work, Work)}, with three branches. */
  @CheckReturnValue
  public static <A, B, C, X1 extends Exception, X2 extends Exception, X3 extends Exception>
      Three<A, B, C> all(Work<A, X1> a, Work<B, X2> b, Work<C, X3> c)
          throws X1, X2, X3, InterruptedException {
    return FanOut.DEFAULT.all(a, b, c);
  }

  /** As {@link #all(Work, Work)}, with four branches. */
  public static <
          A,
          B,
          C,
          D,
          X1 extends Exception,
          X2 extends Exception,
          X3 extends Exception,
          X4 extends Exception>
      Four<A, B, C, D> all(Work<A, X1> a, Work<B, X2> b, Work<C, X3> c, Work<D, X4> d)
          throws X1, X2, X3, X4, InterruptedException {
    return FanOut.DEFAULT.all(a, b, c, d);
  }

  /** As {@link #all(Work, Work)}, with five branches. */
  public static <
          A,
          B,
          C,
          D,
          E,
          X1 extends Exception,
          X2 extends Exception,
          X3 extends Exception,
          X4 extends Exception,
          X5 extends Exception>
      Five<A, B, C, D, E> all(
          Work<A, X1> a, Work<B, X2> b, Work<C, X3> c, Work<D, X4> d, Work<E, X5> e)
          throws X1, X2, X3, X4, X5, InterruptedException {
    return FanOut.DEFAULT.all(a, b, c, d, e);
  }

  /**
   * Runs pieces of work without results together; the first failure cancels the others and is
   * thrown as it is.
   */
  @SafeVarargs
  @SuppressWarnings("varargs")
  public static <X extends Exception> void run(VoidWork<? extends X>... works)
      throws X, InterruptedException {
    FanOut.DEFAULT.run(works);
  }

  /**
   * The first <em>success</em>; the others are cancelled and awaited. (JavaScript: {@code
   * Promise.any}.)
   *
   * @return the value of the first branch that returned, possibly null
   * @throws X if all failed: the first failure, with the others suppressed
   * @throws IllegalArgumentException if there is no branch
   */
  @SafeVarargs
  @SuppressWarnings("varargs")
  @CheckReturnValue
  public static <R, X extends Exception> R any(Work<? extends R, ? extends X>... works)
      throws X, InterruptedException {
    return FanOut.DEFAULT.any(works);
  }

  /** As {@link #any(Work...)}, of branches in a collection. */
  @CheckReturnValue
  public static <R, X extends Exception> R any(
      Collection<? extends Work<? extends R, ? extends X>> works) throws X, InterruptedException {
    return FanOut.DEFAULT.any(works);
  }

  /** As {@link #any(Work...)}, of one function over several items. */
  @CheckReturnValue
  public static <A, R, X extends Exception> R anyOf(
      Iterable<? extends A> items, Fn<? super A, ? extends R, ? extends X> f)
      throws X, InterruptedException {
    return FanOut.DEFAULT.anyOf(items, f);
  }

  /** As {@link #anyOf(Iterable, Fn)}; the stream is pulled on the calling thread, and closed. */
  @CheckReturnValue
  public static <A, R, X extends Exception> R anyOf(
      Stream<? extends A> items, Fn<? super A, ? extends R, ? extends X> f)
      throws X, InterruptedException {
    return FanOut.DEFAULT.anyOf(items, f);
  }

  /**
   * The first to <em>settle</em>, success or failure; the others are cancelled and awaited.
   * (JavaScript: {@code Promise.race}, which for no branches never ends; here that is refused.)
   *
   * @return the value of the branch that ended first
   * @throws X what that branch threw, if it failed
   * @throws IllegalArgumentException if there is no branch
   */
  @SafeVarargs
  @SuppressWarnings("varargs")
  public static <R, X extends Exception> R race(Work<? extends R, ? extends X>... works)
      throws X, InterruptedException {
    return FanOut.DEFAULT.race(works);
  }

  /** As {@link #race(Work...)}, of branches in a collection. */
  public static <R, X extends Exception> R race(
      Collection<? extends Work<? extends R, ? extends X>> works) throws X, InterruptedException {
    return FanOut.DEFAULT.race(works);
  }

  /** As {@link #race(Work...)}, of one function over several items. */
  public static <A, R, X extends Exception> R raceOf(
      Iterable<? extends A> items, Fn<? super A, ? extends R, ? extends X> f)
      throws X, InterruptedException {
    return FanOut.DEFAULT.raceOf(items, f);
  }

  /** As {@link #raceOf(Iterable, Fn)}; the stream is pulled on the calling thread, and closed. */
  public static <A, R, X extends Exception> R raceOf(
      Stream<? extends A> items, Fn<? super A, ? extends R, ? extends X> f)
      throws X, InterruptedException {
    return FanOut.DEFAULT.raceOf(items, f);
  }

  /**
   * The first {@code k} successes; the others are cancelled and awaited. Fails as soon as {@code k}
   * can no longer be reached.
   *
   * @param k how many must succeed, at least 1 and at most the number of items
   * @return exactly {@code k} results, in the order in which they came
   * @throws X the first failure, with the others suppressed, if too many failed
   * @throws IllegalArgumentException if {@code k} is less than 1 or there are fewer items than that
   */
  @CheckReturnValue
  public static <A, R, X extends Exception> List<R> quorum(
      int k, Iterable<? extends A> items, Fn<? super A, ? extends R, ? extends X> f)
      throws X, InterruptedException {
    return FanOut.DEFAULT.quorum(k, items, f);
  }

  /**
   * As {@link #quorum(int, Iterable, Fn)}; the stream is pulled on the calling thread, and closed.
   */
  @CheckReturnValue
  public static <A, R, X extends Exception> List<R> quorum(
      int k, Stream<? extends A> items, Fn<? super A, ? extends R, ? extends X> f)
      throws X, InterruptedException {
    return FanOut.DEFAULT.quorum(k, items, f);
  }

  /**
   * The first <em>success</em> of pieces of work that are started one after another: the next
   * begins when {@code delay} has passed since the last began, or at once when one has failed. What
   * has not ended is then cancelled and awaited. (RFC 8305 connects so, "happy eyeballs".) For a
   * second try of one piece of work, with a budget, use the policy {@code Hedge}; to start all at
   * once {@link #any}.
   *
   * {@snippet :
   * Page page = Tasks.hedge(Duration.ofMillis(250), () -> fetch(url), () -> cached());
   * }
   *
   * <p>On a fan-out with a {@link FanOut#limit} no more than that run at once, and the next waits
   * for a failure.
   *
   * @param delay not negative; zero starts all at once
   * @return the value of the piece that returned first, possibly null
   * @throws X if all failed: the first failure, with the others suppressed
   */
  @CheckReturnValue
  @SafeVarargs
  @SuppressWarnings("varargs")
  public static <R, X extends Exception> R hedge(
      Duration delay,
      Work<? extends R, ? extends X> primary,
      Work<? extends R, ? extends X>... alternatives)
      throws X, InterruptedException {
    return FanOut.DEFAULT.hedge(delay, primary, alternatives);
  }

  /**
   * As {@link #hedge}, of one function over several items, which are pulled when they are due.
   *
   * @throws IllegalArgumentException if there is no item
   */
  public static <A, R, X extends Exception> R hedgeOf(
      Duration delay, Iterable<? extends A> items, Fn<? super A, ? extends R, ? extends X> f)
      throws X, InterruptedException {
    return FanOut.DEFAULT.hedgeOf(delay, items, f);
  }

  /**
   * As {@link #hedgeOf(Duration, Iterable, Fn)}; the stream is pulled on the calling thread, and
   * closed.
   */
  public static <A, R, X extends Exception> R hedgeOf(
      Duration delay, Stream<? extends A> items, Fn<? super A, ? extends R, ? extends X> f)
      throws X, InterruptedException {
    return FanOut.DEFAULT.hedgeOf(delay, items, f);
  }

  /**
   * Applies a function to every item and combines the results. The order and grouping in which they
   * are combined depend on the number of items alone, so the result is the same on every engine,
   * every time, floating point included.
   *
   * @param identity what combines with any result to that result; the result for no items
   * @param combine associative; it need not be commutative
   * @throws X what the function threw first, as in {@link #map(Iterable, Fn)}
   */
  @CheckReturnValue
  public static <A, R, X extends Exception> R mapReduce(
      Iterable<? extends A> items,
      Fn<? super A, ? extends R, ? extends X> f,
      R identity,
      Combine<R> combine)
      throws X, InterruptedException {
    return FanOut.DEFAULT.mapReduce(items, f, identity, combine);
  }

  /**
   * As {@link #mapReduce(Iterable, Fn, Object, Combine)}; the stream is pulled on the calling
   * thread, and closed.
   */
  @CheckReturnValue
  public static <A, R, X extends Exception> R mapReduce(
      Stream<? extends A> items,
      Fn<? super A, ? extends R, ? extends X> f,
      R identity,
      Combine<R> combine)
      throws X, InterruptedException {
    return FanOut.DEFAULT.mapReduce(items, f, identity, combine);
  }

  /**
   * Applies a function to every item and hands out each outcome as it comes. (Python: {@code
   * as_completed}, {@code imap_unordered}.) To be opened in try-with-resources, or inside a scope,
   * whose end closes it: {@code for} does not tell an iterator about {@code break}.
   *
   * {@snippet :
   * try (var done = Tasks.asCompleted(urls, this::fetch)) {
   *   for (var c : done) show(c.input(), c.outcome());
   * }
   * }
   *
   * <p>Items are pulled lazily on the iterating thread; at most the limit are in progress or
   * waiting to be taken. Failures are outcomes and cancel nothing; closing cancels what is left and
   * waits for it.
   */
  @CheckReturnValue
  public static <A, R> Completions<A, R> asCompleted(
      Iterable<? extends A> items, Fn<? super A, ? extends R, ?> f) {
    return FanOut.DEFAULT.asCompleted(items, f);
  }

  /**
   * As {@link #asCompleted(Iterable, Fn)}; the stream is pulled on the calling thread, and closed.
   */
  @CheckReturnValue
  public static <A, R> Completions<A, R> asCompleted(
      Stream<? extends A> items, Fn<? super A, ? extends R, ?> f) {
    return FanOut.DEFAULT.asCompleted(items, f);
  }

  /** As {@link #asCompleted(Iterable, Fn)}, in the order of the items. (Python: {@code imap}.) */
  @CheckReturnValue
  public static <A, R> Completions<A, R> inOrder(
      Iterable<? extends A> items, Fn<? super A, ? extends R, ?> f) {
    return FanOut.DEFAULT.inOrder(items, f);
  }

  /** As {@link #inOrder(Iterable, Fn)}; the stream is pulled on the calling thread, and closed. */
  @CheckReturnValue
  public static <A, R> Completions<A, R> inOrder(
      Stream<? extends A> items, Fn<? super A, ? extends R, ?> f) {
    return FanOut.DEFAULT.inOrder(items, f);
  }

  /**
   * Opens a scope for its body, which forks tasks and returns a value. (Python: {@code TaskGroup}.)
   * See {@link TaskScope}.
   *
   * @return what the body returned, once every task has ended
   * @throws TaskFailedException if a task failed; its cause is the task's exception
   * @throws X what the body threw
   */
  @CheckReturnValue
  public static <R, X extends Exception> R scope(
      Fn<? super TaskScope, ? extends R, ? extends X> body) throws X, InterruptedException {
    return FanOut.DEFAULT.scope(body);
  }

  /** As {@link #scope(Fn)}, for a body without a result. */
  public static <X extends Exception> void runScope(VoidFn<? super TaskScope, ? extends X> body)
      throws X, InterruptedException {
    FanOut.DEFAULT.runScope(body);
  }

  /**
   * As {@link #scope(Fn)}, but the failure of a task stays with the task: it cancels nothing. A
   * failure that nobody looks at is reported once, when the scope closes.
   */
  @CheckReturnValue
  public static <R, X extends Exception> R supervise(
      Fn<? super TaskScope, ? extends R, ? extends X> body) throws X, InterruptedException {
    return FanOut.DEFAULT.supervise(body);
  }

  /** As {@link #supervise(Fn)}, for a body without a result. */
  public static <X extends Exception> void runSupervised(
      VoidFn<? super TaskScope, ? extends X> body) throws X, InterruptedException {
    FanOut.DEFAULT.runSupervised(body);
  }

  // ---- the current thread

  /**
   * Runs work on the current thread with a deadline: when it passes, the thread is interrupted, and
   * when the work has ended this throws {@link DeadlineException}. (Python: {@code wait_for},
   * {@code asyncio.timeout}.) It costs no second thread, nests, and works on any thread.
   *
   * <p>If the work finished before the deadline struck, its own outcome counts, even if seen late.
   * If the deadline struck first and the work returns a value all the same, the value is returned
   * and the overrun recorded; an {@link Error} passes as it is; any other exception is suppressed
   * in the {@link DeadlineException}. A deadline further out that is earlier stays in force.
   *
   * @param timeout zero or negative expires before the work starts
   * @throws DeadlineException if the deadline passed
   * @throws X what the work threw
   */
  @CheckReturnValue
  public static <T, X extends Exception> T within(Duration timeout, Work<T, X> work)
      throws X, InterruptedException {
    Objects.requireNonNull(work, "work");
    return within(null, Durations.nanos(timeout, "timeout"), work);
  }

  static <T, X extends Exception> T within(@Nullable TimeSource time, long nanos, Work<T, X> work)
      throws X, InterruptedException {
    if (nanos <= 0) throw DeadlineFrame.expiredBeforeStart(nanos);
    DeadlineFrame frame = DeadlineFrame.open(time, nanos);
    T value;
    try {
      value = work.call();
    } catch (Throwable t) {
      throw Failures.<X>sneaky(frame.threw(t));
    }
    frame.returned();
    return value;
  }

  /** As {@link #within(Duration, Work)}, but gives {@code fallback} when the deadline passed. */
  @CheckReturnValue
  public static <T, X extends Exception> T withinOr(Duration timeout, T fallback, Work<T, X> work)
      throws X, InterruptedException {
    Objects.requireNonNull(work, "work");
    long nanos = Durations.nanos(timeout, "timeout");
    if (nanos <= 0) return fallback;
    DeadlineFrame frame = DeadlineFrame.open(null, nanos);
    T value;
    try {
      value = work.call();
    } catch (Throwable t) {
      Throwable e = frame.threw(t);
      if (e != t && e instanceof DeadlineException) return fallback;
      throw Failures.<X>sneaky(e);
    }
    frame.returned();
    return value;
  }

  /** As {@link #within(Duration, Work)}, for work without a result. */
  public static <X extends Exception> void runWithin(Duration timeout, VoidWork<X> work)
      throws X, InterruptedException {
    Objects.requireNonNull(work, "work");
    var unused = Tasks.<Object, X>within(timeout, () -> run(work));
  }

  /**
   * As {@link #within(Duration, Work)}, with the JDK's exception for a deadline that passed.
   *
   * @throws TimeoutException if this deadline passed, with the {@link DeadlineException} as cause
   */
  public static <T, X extends Exception> T timed(Duration timeout, Work<T, X> work)
      throws X, InterruptedException, TimeoutException {
    Objects.requireNonNull(work, "work");
    long nanos = Durations.nanos(timeout, "timeout");
    if (nanos <= 0) throw DeadlineFrame.expiredBeforeStart(nanos).toTimeoutException();
    DeadlineFrame frame = DeadlineFrame.open(null, nanos);
    T value;
    try {
      value = work.call();
    } catch (Throwable t) {
      Throwable e = frame.threw(t);
      if (e != t && e instanceof DeadlineException d) throw d.toTimeoutException();
      throw Failures.<X>sneaky(e);
    }
    frame.returned();
    return value;
  }

  /**
   * Runs clean-up on the current thread that the library's cancellation and deadlines from further
   * out don't reach; they are delivered when it has ended. An interrupt flag that is set on entry
   * is set again on exit. The clean-up has a budget of its own, after which it is interrupted and
   * this throws {@link DeadlineException}.
   *
   * <p>A raw {@link Thread#interrupt} from outside cannot be held back on the caller's own thread
   * and reaches the clean-up; {@link #shieldApart} runs it on another thread, where it does not.
   *
   * @param budget more than zero
   */
  @CheckReturnValue
  public static <T, X extends Exception> T shield(Duration budget, Work<T, X> work)
      throws X, InterruptedException {
    Objects.requireNonNull(work, "work");
    ShieldFrame frame = ShieldFrame.open(positive(budget));
    T value;
    try {
      value = work.call();
    } catch (Throwable t) {
      throw Failures.<X>sneaky(frame.threw(t));
    }
    frame.returned();
    return value;
  }

  /** As {@link #shield(Duration, Work)}, for work without a result. */
  public static <X extends Exception> void runShielded(Duration budget, VoidWork<X> work)
      throws X, InterruptedException {
    Objects.requireNonNull(work, "work");
    var unused = Tasks.<Object, X>shield(budget, () -> run(work));
  }

  /**
   * As {@link #shield(Duration, Work)}, on a virtual thread of its own, which no interrupt of the
   * calling thread reaches; an interrupt that comes meanwhile is set again on exit.
   */
  public static <T, X extends Exception> T shieldApart(Duration budget, Work<T, X> work) throws X {
    Objects.requireNonNull(work, "work");
    return Apart.shield(positive(budget), work);
  }

  private static <X extends Exception> Object run(VoidWork<X> work) throws X, InterruptedException {
    work.run();
    return Null.result(null);
  }

  private static long positive(Duration budget) {
    long nanos = Durations.nanos(budget, "budget");
    if (nanos <= 0)
      throw new IllegalArgumentException("budget must be more than zero, but was " + budget);
    return nanos;
  }

  /** Sleeps on the clock of the current scope; ends early only by cancellation or interrupt. */
  public static void sleep(Duration time) throws InterruptedException {
    long nanos = Durations.nanos(time, "time");
    Waiter.sleep("a sleep of " + Durations.text(nanos), nanos);
  }

  /**
   * For loops that compute: returns if nothing asks this thread to stop.
   *
   * @throws InterruptedException if the thread is interrupted, or what it runs is being cancelled
   */
  public static void checkCancelled() throws InterruptedException {
    CancelReason reason = Frame.pendingCancellation();
    if (Thread.interrupted() || reason != null)
      throw new InterruptedException(reason == null ? "interrupted" : "cancelled: " + reason);
  }

  /** The token of the innermost task, scope or deadline here; never cancelled outside of them. */
  @CheckReturnValue
  public static CancelToken token() {
    Frame f = Frame.current();
    return f == null ? CancelToken.never() : f.token();
  }

  /** How long until the deadline in force here, or null if there is none. */
  @CheckReturnValue
  public static @Nullable Duration remaining() {
    Frame f = Frame.current();
    TimeSource clock = Frame.timeOf(f);
    long at = Frame.deadlineOf(f, clock);
    return at == TimeSource.NEVER ? null : Duration.ofNanos(at - clock.nanoTime());
  }

  /** The clock in force here. */
  @CheckReturnValue
  public static TimeSource time() {
    return Frame.timeOf(Frame.current());
  }

  /** Everything that runs now, as a tree, with totals. */
  @CheckReturnValue
  public static Snapshot snapshot() {
    return LiveScopes.snapshot();
  }
}
