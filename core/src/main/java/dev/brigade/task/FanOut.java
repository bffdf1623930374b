package dev.brigade.task;

import dev.brigade.annotation.CheckReturnValue;
import dev.brigade.auto.Advice;
import dev.brigade.engine.Engine;
import dev.brigade.policy.Policy;
import dev.brigade.policy.RateLimit;
import dev.brigade.policy.Retry;
import dev.brigade.policy.Timeout;
import dev.brigade.time.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * How to run several pieces of work, and the shapes that do it. Immutable: each choice returns a
 * copy, and every shape can be used any number of times, by any thread. {@link Tasks} begins one
 * with each of its choices, and has the same shapes with the defaults.
 *
 * {@snippet :
 * FanOut polite = Tasks.limit(16).within(Duration.ofSeconds(30));
 * List<Page> pages = polite.map(urls, this::fetch);
 * }
 *
 * <p>All shapes are structured: they return when every task they started has ended, whatever
 * happens. Which results they give, in which order, and what they throw is said at each.
 *
 * <p>Memory effects: what the caller did before happens before every task; what the tasks did
 * happens before the shape returns.
 */
public final class FanOut {
  static final FanOut DEFAULT = new FanOut(Choices.DEFAULT);

  private final Choices choices;
  private final Launch launch;

  private FanOut(Choices choices) {
    this.choices = choices;
    this.launch = new Launch(choices);
  }

  // ---- choices

  /** On this engine; the default is {@link Engine#virtual()}. */
  @CheckReturnValue
  public FanOut on(Engine on) {
    Objects.requireNonNull(on, "engine");
    if (choices.auto() != null) throw engineAndAuto(on);
    return new FanOut(choices.withEngine(on));
  }

  /**
   * At most this many items at once; the default is the engine's ({@link
   * dev.brigade.engine.Traits#defaultLimit}): 1,024 on virtual threads, the number of threads on
   * bounded engines. An engine to which several items travel at a time, such as worker processes,
   * runs those one after the other, so no more than this many batches are out. It bounds the shapes
   * over items and over lists of work; an open scope and the {@code all} of branches written out
   * fork what they are told to.
   *
   * @param atOnce at least 1
   */
  @CheckReturnValue
  public FanOut limit(int atOnce) {
    if (atOnce < 1)
      throw new IllegalArgumentException("limit must be at least 1, but was " + atOnce);
    return new FanOut(choices.withLimit(atOnce));
  }

  /**
   * On the engine, and as many at once, as measuring says: on the cores if the items compute, on
   * virtual threads with a limit that is tuned while it runs if they wait, one by one if they wait
   * for one another. The first items are measured, each runs once, and their results count like any
   * other's. Use {@link #on} where the answer is known: it is printed by the {@link Advice} that
   * comes with the result.
   *
   * {@snippet :
   * List<Page> pages = Tasks.auto().map(urls, this::fetch);
   * show(Advice.of(pages));
   * }
   *
   * <p>It is for shapes that run one function over items, or a list of work, to the end: {@code
   * map}, {@code forEach}, {@code settle}, {@code all} and {@code run} of lists, {@code mapReduce}.
   * The others refuse it with an {@link IllegalStateException}, since they have too few items to
   * measure or stop before they know: choose an engine there. {@link #limit} is an upper bound.
   *
   * <p>Measuring costs up to some 50 microseconds for each core, and wakes the calling thread now
   * and then in the first quarter of a second. Less than half a millisecond of work stays on one
   * thread.
   *
   * @throws IllegalArgumentException if an engine was chosen
   */
  @CheckReturnValue
  public FanOut auto() {
    if (choices.engine() != Engine.virtual()) throw engineAndAuto(choices.engine());
    if (choices.auto() != null) return this;
    return new FanOut(choices.withAuto(new Measuring(null, advice -> {})));
  }

  /**
   * As {@link #auto()}, and the rest may go to an engine outside of this JVM, such as a pool of
   * worker processes, if measuring says that it does clearly more there: over 10 % more items in
   * the same time. That is so where threads of one JVM stand in each other's way: at a lock, in the
   * garbage collector, in native code that lets in one at a time.
   *
   * {@snippet :
   * List<Thumb> thumbs = Tasks.auto(processes).map(photos, Thumb::of);
   * show(Advice.of(thumbs));
   * }
   *
   * <p>So some items run here and some may run there. What the function returns must be all that
   * matters: what it changes there is not changed here. If it, or an item, can't travel, or the
   * engine takes nothing any more, the work stays here, and the advice says why.
   *
   * <p>Only lists are compared, not inputs that are pulled lazily nor what is under a policy, and
   * only where enough is left: about two seconds of computing, or half a second of waiting for a
   * lock. It costs at most a tenth of that, or 0.4 seconds, at the speed of the slower.
   *
   * @param elsewhere an engine that does not share this JVM; it stays its owner's
   * @throws IllegalArgumentException if an engine was chosen, or this one shares the JVM
   */
  @CheckReturnValue
  public FanOut auto(Engine elsewhere) {
    Objects.requireNonNull(elsewhere, "elsewhere");
    if (elsewhere.traits().sharesJvm())
      throw new IllegalArgumentException(
          "elsewhere must be an engine outside of this JVM, but was "
              + elsewhere
              + ", which auto() does not need to be told of");
    FanOut measured = auto();
    Measuring how = Objects.requireNonNull(measured.choices.auto());
    return new FanOut(measured.choices.withAuto(new Measuring(elsewhere, how.listener())));
  }

  /**
   * Hands over the advice of each fan-out when it has ended, on the calling thread, whether it
   * succeeded or failed; for shapes that return no list. What the listener throws, the shape
   * throws, unless it failed itself.
   *
   * @throws IllegalStateException if this is no {@link #auto()}
   */
  @CheckReturnValue
  public FanOut advised(Consumer<? super Advice> listener) {
    Objects.requireNonNull(listener, "listener");
    Measuring how = choices.auto();
    if (how == null)
      throw new IllegalStateException("advised needs auto() before it: only that measures");
    return new FanOut(choices.withAuto(how.heardBy(listener)));
  }

  private static IllegalArgumentException engineAndAuto(Engine engine) {
    return new IllegalArgumentException(
        "auto() chooses the engine itself, so leave out one of auto() and on(" + engine + ")");
  }

  /** With a name for snapshots and events. */
  @CheckReturnValue
  public FanOut named(String scopeName) {
    Objects.requireNonNull(scopeName, "name");
    return new FanOut(choices.withName(scopeName));
  }

  /** On this clock instead of the one inherited; for tests. */
  @CheckReturnValue
  public FanOut time(TimeSource clock) {
    Objects.requireNonNull(clock, "time");
    return new FanOut(choices.withTime(clock));
  }

  /**
   * With a deadline for the whole: when it passes, everything is cancelled and the shape throws
   * {@link DeadlineException}. The deadline in force is never later than one further out; zero or
   * negative expires before anything starts.
   */
  @CheckReturnValue
  public FanOut within(Duration timeout) {
    long nanos = Math.max(0, Durations.nanos(timeout, "timeout"));
    return new FanOut(choices.withDeadline(nanos));
  }

  /**
   * Gives up waiting for cancelled tasks after {@code grace}: the shape then returns although they
   * still run. They are counted in {@link Tasks#snapshot()}. An opt-out for work that ignores
   * interrupts; without it every shape waits.
   */
  @CheckReturnValue
  public FanOut abandonAfter(Duration grace) {
    long nanos = Durations.nanos(grace, "grace");
    if (nanos < 0)
      throw new IllegalArgumentException("grace must not be negative, but was " + grace);
    return new FanOut(choices.withAbandon(nanos));
  }

  /** Cancelled with this token too; the shape then throws {@link CancelledException}. */
  @CheckReturnValue
  public FanOut cancelledBy(CancelToken stop) {
    Objects.requireNonNull(stop, "token");
    return new FanOut(choices.withToken(stop));
  }

  /**
   * Under this policy too, around every item, branch and fork, but not around daemons: of several,
   * the one chosen first is the outermost. What it waits (back-off, rate) counts as the item's
   * time, so {@link #limit} is how many items are in progress. It runs in this JVM, also when the
   * work runs elsewhere.
   *
   * @throws IllegalArgumentException if it contradicts one chosen before (see {@link Policy#then})
   */
  @CheckReturnValue
  public FanOut with(Policy policy) {
    Objects.requireNonNull(policy, "policy");
    return new FanOut(choices.withPolicy(policy));
  }

  /**
   * With a page about it in {@code file}, an HTML document for people: a timeline of what ran and
   * what waited, how many at once, how long each took, what failed. It is written when the shape
   * ends, by success or failure, and replaces the file at once, so that nobody sees half a page; of
   * several uses the last to end remains.
   *
   * {@snippet :
   * Tasks.limit(16).report(Path.of("fetching.html")).map(urls, this::fetch);
   * }
   *
   * <p>On the page is this fan-out and what its tasks opened, whatever else runs; the first 100,000
   * events (about 50,000 items, 15 MB meanwhile) are kept, and the page says how many more there
   * were. While it is recorded every task costs about a microsecond more; drawing the page takes
   * the calling thread milliseconds in the end, or for the full number some tenths of a second. A
   * page that can't be written is reported to the logger {@code dev.brigade}, and the result of the
   * work is not lost.
   */
  @CheckReturnValue
  public FanOut report(Path file) {
    Objects.requireNonNull(file, "file");
    return new FanOut(choices.withReport(file));
  }

  /**
   * Up to this many attempts for each item, the first included, with waits between them that grow
   * from 100 ms to 10 s with full jitter; for anything else, {@link #with} a {@link Retry}.
   *
   * @param attempts at least 1
   */
  @CheckReturnValue
  public FanOut retry(int attempts) {
    return with(Retry.attempts(attempts));
  }

  /**
   * At most this many items begun in any interval of this length, exactly; attempts, if this comes
   * after {@link #retry}. One limit for all that is done with the fan-out that this returns.
   *
   * @param begins from 1 to 2^30
   * @param per more than zero
   */
  @CheckReturnValue
  public FanOut rate(int begins, Duration per) {
    return with(RateLimit.window(begins, per));
  }

  /**
   * So long for each item, or for each attempt if this comes after {@link #retry}; for a deadline
   * of the whole there is {@link #within}.
   *
   * @param each more than zero
   */
  @CheckReturnValue
  public FanOut timeout(Duration each) {
    return with(Timeout.of(each));
  }

  Choices choices() {
    return choices;
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
  public <A, R, X extends Exception> List<R> map(
      Iterable<? extends A> items, Fn<? super A, ? extends R, ? extends X> f)
      throws X, InterruptedException {
    Objects.requireNonNull(f, "f");
    return this.<A, R, X>mapItems(Items.of(items), f);
  }

  /**
   * As {@link #map(Iterable, Fn)}; the stream is pulled lazily, on the calling thread, and closed.
   */
  @CheckReturnValue
  public <A, R, X extends Exception> List<R> map(
      Stream<? extends A> items, Fn<? super A, ? extends R, ? extends X> f)
      throws X, InterruptedException {
    Objects.requireNonNull(f, "f");
    return this.<A, R, X>mapItems(Items.of(items), f);
  }

  /** Does something with every item, concurrently; otherwise as {@link #map(Iterable, Fn)}. */
  public <A, X extends Exception> void forEach(
      Iterable<? extends A> items, VoidFn<? super A, ? extends X> f)
      throws X, InterruptedException {
    Objects.requireNonNull(f, "f");
    var unused =
        launch.crew("forEach", Items.<A>of(items), new VoidApply<A>(f), new Collected.None<>());
  }

  /** Does something with every item, concurrently; otherwise as {@link #map(Stream, Fn)}. */
  public <A, X extends Exception> void forEach(
      Stream<? extends A> items, VoidFn<? super A, ? extends X> f) throws X, InterruptedException {
    Objects.requireNonNull(f, "f");
    var unused =
        launch.crew("forEach", Items.<A>of(items), new VoidApply<A>(f), new Collected.None<>());
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
  public <A, R> List<Outcome<R>> settle(
      Iterable<? extends A> items, Fn<? super A, ? extends R, ?> f) throws InterruptedException {
    Objects.requireNonNull(f, "f");
    var settled = new Collected.Settled<A, R>();
    AutoRun auto = launch.crew("settle", Items.<A>of(items), f, settled);
    return AutoRun.list(settled.list(), auto);
  }

  /** As {@link #settle(Iterable, Fn)}; the stream is pulled on the calling thread, and closed. */
  @CheckReturnValue
  public <A, R> List<Outcome<R>> settle(Stream<? extends A> items, Fn<? super A, ? extends R, ?> f)
      throws InterruptedException {
    Objects.requireNonNull(f, "f");
    var settled = new Collected.Settled<A, R>();
    AutoRun auto = launch.crew("settle", Items.<A>of(items), f, settled);
    return AutoRun.list(settled.list(), auto);
  }

  /** Runs every piece of work and gives back how each ended; as {@link #settle(Iterable, Fn)}. */
  @CheckReturnValue
  public <R> List<Outcome<R>> settle(Collection<? extends Work<? extends R, ?>> works)
      throws InterruptedException {
    return this.<Work<? extends R, ?>, R>settle(
        works, new EachWork.CallAny<R>(EachWork.first(works)));
  }

  /** As {@link #settle(Collection)}, of pieces written out. */
  @SafeVarargs
  @SuppressWarnings("varargs")
  @CheckReturnValue
  public final <R> List<Outcome<R>> settle(Work<? extends R, ?>... works)
      throws InterruptedException {
    return this.<R>settle(Arrays.asList(works));
  }

  /**
   * Runs every piece of work, concurrently; otherwise as {@link #map(Iterable, Fn)}. Give the list
   * its type, {@code List<Work<Page, IOException>>}: {@code List.of(() -> …)} in the call hides
   * what its lambdas throw.
   */
  @CheckReturnValue
  public <R, X extends Exception> List<R> all(
      Collection<? extends Work<? extends R, ? extends X>> works) throws X, InterruptedException {
    return this.<Work<? extends R, ? extends X>, R, X>map(
        works, new EachWork.Call<R, X>(EachWork.first(works)));
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
  public <A, B, X1 extends Exception, X2 extends Exception> Two<A, B> all(
      Work<A, X1> a, Work<B, X2> b) throws X1, X2, InterruptedException {
    requireAll(a, b);
    var t = branches(s -> new Two<>(branch(s, a), branch(s, b)));
    return new Two<>(value(t.first()), value(t.second()));
  }

  /** As {@link #all(Work, Work)}, with three branches. */
  @CheckReturnValue
  public <A, B, C, X1 extends Exception, X2 extends Exception, X3 extends Exception>
      Three<A, B, C> all(Work<A, X1> a, Work<B, X2> b, Work<C, X3> c)
          throws X1, X2, X3, InterruptedException {
    requireAll(a, b, c);
    var t = branches(s -> new Three<>(branch(s, a), branch(s, b), branch(s, c)));
    return new Three<>(value(t.first()), value(t.second()), value(t.third()));
  }

  /** As {@link #all(Work, Work)}, with four branches. */
  public <
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
    requireAll(a, b, c, d);
    var t = branches(s -> new Four<>(branch(s, a), branch(s, b), branch(s, c), branch(s, d)));
    return new Four<>(value(t.first()), value(t.second()), value(t.third()), value(t.fourth()));
  }

  /** As {@link #all(Work, Work)}, with five branches. */
  public <
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
    requireAll(a, b, c, d, e);
    var t =
        branches(
            s -> new Five<>(branch(s, a), branch(s, b), branch(s, c), branch(s, d), branch(s, e)));
    return new Five<>(
        value(t.first()), value(t.second()), value(t.third()), value(t.fourth()), value(t.fifth()));
  }

  /**
   * Runs pieces of work without results together; the first failure cancels the others and is
   * thrown as it is.
   */
  @SafeVarargs
  @SuppressWarnings("varargs")
  public final <X extends Exception> void run(VoidWork<? extends X>... works)
      throws X, InterruptedException {
    var each = new EachWork.Run<X>(EachWork.first(Arrays.asList(works)));
    this.<VoidWork<? extends X>, Object, X>mapItems(Items.of(Arrays.asList(works)), each);
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
  public final <R, X extends Exception> R any(Work<? extends R, ? extends X>... works)
      throws X, InterruptedException {
    return this.<Work<? extends R, ? extends X>, R, X>anyOf(
        Arrays.asList(works), new EachWork.Call<R, X>(EachWork.first(Arrays.asList(works))));
  }

  /** As {@link #any(Work...)}, of branches in a collection. */
  @CheckReturnValue
  public <R, X extends Exception> R any(Collection<? extends Work<? extends R, ? extends X>> works)
      throws X, InterruptedException {
    return this.<Work<? extends R, ? extends X>, R, X>anyOf(
        works, new EachWork.Call<R, X>(EachWork.first(works)));
  }

  /** As {@link #any(Work...)}, of one function over several items. */
  @CheckReturnValue
  public <A, R, X extends Exception> R anyOf(
      Iterable<? extends A> items, Fn<? super A, ? extends R, ? extends X> f)
      throws X, InterruptedException {
    Objects.requireNonNull(f, "f");
    return launch.<A, R, X>contest("any", 1, false, Items.of(items), f).getFirst();
  }

  /** As {@link #anyOf(Iterable, Fn)}; the stream is pulled on the calling thread, and closed. */
  @CheckReturnValue
  public <A, R, X extends Exception> R anyOf(
      Stream<? extends A> items, Fn<? super A, ? extends R, ? extends X> f)
      throws X, InterruptedException {
    Objects.requireNonNull(f, "f");
    return launch.<A, R, X>contest("any", 1, false, Items.of(items), f).getFirst();
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
  public final <R, X extends Exception> R race(Work<? extends R, ? extends X>... works)
      throws X, InterruptedException {
    return this.<Work<? extends R, ? extends X>, R, X>raceOf(
        Arrays.asList(works), new EachWork.Call<R, X>(EachWork.first(Arrays.asList(works))));
  }

  /** As {@link #race(Work...)}, of branches in a collection. */
  public <R, X extends Exception> R race(Collection<? extends Work<? extends R, ? extends X>> works)
      throws X, InterruptedException {
    return this.<Work<? extends R, ? extends X>, R, X>raceOf(
        works, new EachWork.Call<R, X>(EachWork.first(works)));
  }

  /** As {@link #race(Work...)}, of one function over several items. */
  public <A, R, X extends Exception> R raceOf(
      Iterable<? extends A> items, Fn<? super A, ? extends R, ? extends X> f)
      throws X, InterruptedException {
    Objects.requireNonNull(f, "f");
    return launch.<A, R, X>contest("race", 1, true, Items.of(items), f).getFirst();
  }

  /** As {@link #raceOf(Iterable, Fn)}; the stream is pulled on the calling thread, and closed. */
  public <A, R, X extends Exception> R raceOf(
      Stream<? extends A> items, Fn<? super A, ? extends R, ? extends X> f)
      throws X, InterruptedException {
    Objects.requireNonNull(f, "f");
    return launch.<A, R, X>contest("race", 1, true, Items.of(items), f).getFirst();
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
  public <A, R, X extends Exception> List<R> quorum(
      int k, Iterable<? extends A> items, Fn<? super A, ? extends R, ? extends X> f)
      throws X, InterruptedException {
    Objects.requireNonNull(f, "f");
    if (k < 1) throw new IllegalArgumentException("k must be at least 1, but was " + k);
    return launch.<A, R, X>contest("quorum", k, false, Items.of(items), f);
  }

  /**
   * As {@link #quorum(int, Iterable, Fn)}; the stream is pulled on the calling thread, and closed.
   */
  @CheckReturnValue
  public <A, R, X extends Exception> List<R> quorum(
      int k, Stream<? extends A> items, Fn<? super A, ? extends R, ? extends X> f)
      throws X, InterruptedException {
    Objects.requireNonNull(f, "f");
    if (k < 1) throw new IllegalArgumentException("k must be at least 1, but was " + k);
    return launch.<A, R, X>contest("quorum", k, false, Items.of(items), f);
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
   * <p>On a fan-out with a {@link #limit} no more than that run at once, and the next waits for a
   * failure.
   *
   * @param delay not negative; zero starts all at once
   * @return the value of the piece that returned first, possibly null
   * @throws X if all failed: the first failure, with the others suppressed
   */
  @CheckReturnValue
  @SafeVarargs
  @SuppressWarnings("varargs")
  public final <R, X extends Exception> R hedge(
      Duration delay,
      Work<? extends R, ? extends X> primary,
      Work<? extends R, ? extends X>... alternatives)
      throws X, InterruptedException {
    var works = new ArrayList<Work<? extends R, ? extends X>>();
    works.add(Objects.requireNonNull(primary, "primary"));
    for (int i = 0; i < alternatives.length; i++)
      works.add(Objects.requireNonNull(alternatives[i], "alternatives[" + i + "]"));
    return this.<Work<? extends R, ? extends X>, R, X>hedgeOf(
        delay, works, new EachWork.Call<R, X>(primary));
  }

  /**
   * As {@link #hedge}, of one function over several items, which are pulled when they are due.
   *
   * @throws IllegalArgumentException if there is no item
   */
  public <A, R, X extends Exception> R hedgeOf(
      Duration delay, Iterable<? extends A> items, Fn<? super A, ? extends R, ? extends X> f)
      throws X, InterruptedException {
    Objects.requireNonNull(f, "f");
    return launch.<A, R, X>staggered(hedgeDelay(delay), Items.of(items), f);
  }

  /**
   * As {@link #hedgeOf(Duration, Iterable, Fn)}; the stream is pulled on the calling thread, and
   * closed.
   */
  public <A, R, X extends Exception> R hedgeOf(
      Duration delay, Stream<? extends A> items, Fn<? super A, ? extends R, ? extends X> f)
      throws X, InterruptedException {
    Objects.requireNonNull(f, "f");
    return launch.<A, R, X>staggered(hedgeDelay(delay), Items.of(items), f);
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
  public <A, R, X extends Exception> R mapReduce(
      Iterable<? extends A> items,
      Fn<? super A, ? extends R, ? extends X> f,
      R identity,
      Combine<R> combine)
      throws X, InterruptedException {
    Objects.requireNonNull(f, "f");
    var folded = new Folded<A, R>(Objects.requireNonNull(combine, "combine"));
    var unused = launch.crew("mapReduce", Items.<A>of(items), f, folded);
    return folded.result(identity);
  }

  /**
   * As {@link #mapReduce(Iterable, Fn, Object, Combine)}; the stream is pulled on the calling
   * thread, and closed.
   */
  @CheckReturnValue
  public <A, R, X extends Exception> R mapReduce(
      Stream<? extends A> items,
      Fn<? super A, ? extends R, ? extends X> f,
      R identity,
      Combine<R> combine)
      throws X, InterruptedException {
    Objects.requireNonNull(f, "f");
    var folded = new Folded<A, R>(Objects.requireNonNull(combine, "combine"));
    var unused = launch.crew("mapReduce", Items.<A>of(items), f, folded);
    return folded.result(identity);
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
   * waiting to be taken, or that many times as many as travel together on an engine to which
   * several items travel at a time. Failures are outcomes and cancel nothing; closing cancels what
   * is left and waits for it.
   */
  @CheckReturnValue
  public <A, R> Completions<A, R> asCompleted(
      Iterable<? extends A> items, Fn<? super A, ? extends R, ?> f) {
    Objects.requireNonNull(f, "f");
    return launch.open("asCompleted", Items.of(items), f);
  }

  /**
   * As {@link #asCompleted(Iterable, Fn)}; the stream is pulled on the calling thread, and closed.
   */
  @CheckReturnValue
  public <A, R> Completions<A, R> asCompleted(
      Stream<? extends A> items, Fn<? super A, ? extends R, ?> f) {
    Objects.requireNonNull(f, "f");
    return launch.open("asCompleted", Items.of(items), f);
  }

  /** As {@link #asCompleted(Iterable, Fn)}, in the order of the items. (Python: {@code imap}.) */
  @CheckReturnValue
  public <A, R> Completions<A, R> inOrder(
      Iterable<? extends A> items, Fn<? super A, ? extends R, ?> f) {
    Objects.requireNonNull(f, "f");
    return launch.open("inOrder", Items.of(items), f);
  }

  /** As {@link #inOrder(Iterable, Fn)}; the stream is pulled on the calling thread, and closed. */
  @CheckReturnValue
  public <A, R> Completions<A, R> inOrder(
      Stream<? extends A> items, Fn<? super A, ? extends R, ?> f) {
    Objects.requireNonNull(f, "f");
    return launch.open("inOrder", Items.of(items), f);
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
  public <R, X extends Exception> R scope(Fn<? super TaskScope, ? extends R, ? extends X> body)
      throws X, InterruptedException {
    Objects.requireNonNull(body, "body");
    launch.refuseAuto("a scope", null);
    return launch.<R, X>scoped(TaskScope.Mode.OPEN, body);
  }

  /** As {@link #scope(Fn)}, for a body without a result. */
  public <X extends Exception> void runScope(VoidFn<? super TaskScope, ? extends X> body)
      throws X, InterruptedException {
    Objects.requireNonNull(body, "body");
    launch.refuseAuto("a scope", null);
    launch.<Object, X>scoped(TaskScope.Mode.OPEN, s -> run(body, s));
  }

  /**
   * As {@link #scope(Fn)}, but the failure of a task stays with the task: it cancels nothing. A
   * failure that nobody looks at is reported once, when the scope closes.
   */
  @CheckReturnValue
  public <R, X extends Exception> R supervise(Fn<? super TaskScope, ? extends R, ? extends X> body)
      throws X, InterruptedException {
    Objects.requireNonNull(body, "body");
    launch.refuseAuto("a scope", null);
    return launch.<R, X>scoped(TaskScope.Mode.SUPERVISED, body);
  }

  /** As {@link #supervise(Fn)}, for a body without a result. */
  public <X extends Exception> void runSupervised(VoidFn<? super TaskScope, ? extends X> body)
      throws X, InterruptedException {
    Objects.requireNonNull(body, "body");
    launch.refuseAuto("a scope", null);
    launch.<Object, X>scoped(TaskScope.Mode.SUPERVISED, s -> run(body, s));
  }

  // ---- how they run

  private <A, R, X extends Exception> List<R> mapItems(
      Items<A> items, Fn<? super A, ? extends R, ? extends X> f) throws X, InterruptedException {
    var all = new Collected.All<A, R>();
    AutoRun auto = launch.crew("map", items, f, all);
    return AutoRun.list(all.list(), auto);
  }

  private static long hedgeDelay(Duration delay) {
    long nanos = Durations.nanos(delay, "delay");
    if (nanos < 0)
      throw new IllegalArgumentException("delay must not be negative, but was " + delay);
    return nanos;
  }

  private <R> R branches(Fn<TaskScope, R, RuntimeException> forks) throws InterruptedException {
    launch.refuseAuto("all of branches written out", null);
    return launch.<R, RuntimeException>scoped(TaskScope.Mode.COMBINATOR, forks);
  }

  private <T> TaskNode<T> branch(TaskScope s, Work<T, ?> work) {
    return s.fork(null, choices.engine(), work, 0);
  }

  private static void requireAll(Object... works) {
    for (int i = 0; i < works.length; i++)
      Objects.requireNonNull(works[i], "the work of branch " + (i + 1));
  }

  private static <T> T value(TaskNode<T> task) {
    return Objects.requireNonNull(task.peek()).orThrow();
  }

  private static <X extends Exception> Object run(
      VoidFn<? super TaskScope, ? extends X> body, TaskScope s) throws X, InterruptedException {
    body.accept(s);
    return Null.result(null);
  }

  private record VoidApply<A>(VoidFn<? super A, ?> f)
      implements Fn<A, Object, Exception>, ForkSite.Wrapper {
    @Override
    public Object apply(A item) throws Exception {
      f.accept(item);
      return Null.result(null);
    }

    @Override
    public Object wrapped() {
      return f;
    }
  }

  @Override
  public String toString() {
    return "fan-out " + choices;
  }
}
