package dev.brigade.policy;

import dev.brigade.annotation.CheckReturnValue;
import dev.brigade.task.Fn;
import dev.brigade.task.VoidWork;
import dev.brigade.task.Work;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A rule around a call: how many at once, how often, how long, how many times. Used alone, around a
 * function, or on a fan-out with {@code Tasks.with(policy)}. For values of failures use {@code
 * Tasks.settle} instead of a policy.
 *
 * {@snippet :
 * Policy polite = Policy.of(
 *     Retry.attempts(3),
 *     RateLimit.window(10, Duration.ofSeconds(1)),
 *     Timeout.of(Duration.ofSeconds(2)));
 * Page page = polite.call(() -> fetch(url));
 * List<Page> pages = Tasks.limit(16).with(polite).map(urls, this::fetch);
 * }
 *
 * <p>Policies apply in the order written, outermost first: above, each attempt takes a grant and
 * has two seconds, the wait for the grant not included. A policy waits on the calling thread, stops
 * at interrupts, cancellation and deadlines, and one that can't let the work begin throws a {@link
 * RefusedException}.
 *
 * <p>Policies have state (grants, counts, the last failures): share one object where one bound is
 * meant, make several where each is to have its own. All are safe for use by many threads.
 *
 * <p>The text of a policy is its label: what it is, its configuration, and the name that it was
 * given, such as {@code limit 16 "database"}. It says nothing of what goes on, which is in the
 * policy's statistics, so that it is the same in every chain, message and event.
 */
public interface Policy {

  /** What a policy does, for finding contradictions and for people. */
  enum Kind {
    /** Bounds how many are inside at once. */
    LIMIT,
    /** Bounds how many begin per time. */
    RATE,
    /** Bounds how long a call takes. */
    TIMEOUT,
    /** Calls again after a failure. */
    RETRY,
    /** Refuses calls while they keep failing. */
    BREAKER,
    /** Calls a second time while the first is slow. */
    HEDGE,
    /** Joins calls of the same key. */
    SINGLE_FLIGHT,
    /** Turns a failure into a value. */
    FALLBACK,
    /** Anything else. */
    OTHER
  }

  /**
   * Does the work under this policy, on the calling thread unless the policy says otherwise.
   *
   * @throws X what the work threw, the very object
   * @throws InterruptedException if the thread is interrupted or being cancelled
   * @throws RefusedException if the policy did not let the work begin
   */
  @CheckReturnValue
  <T, X extends Exception> T call(Work<T, X> work) throws X, InterruptedException;

  /**
   * As {@link #call}, for the input that the work is about: what keyed policies take the key from.
   * Others ignore it.
   */
  @CheckReturnValue
  default <T, X extends Exception> T callFor(@Nullable Object input, Work<T, X> work)
      throws X, InterruptedException {
    return call(work);
  }

  /** As {@link #call}, for work without a result. */
  default <X extends Exception> void run(VoidWork<X> work) throws X, InterruptedException {
    Objects.requireNonNull(work, "work");
    // Of any type, since a fallback may give any.
    Object unused =
        this.<Object, X>call(() -> {
          work.run();
          return true;
        });
  }

  /** The function, each call of which is under this policy, for its argument. */
  @CheckReturnValue
  default <A, R, X extends Exception> Fn<A, R, X> around(
      Fn<? super A, ? extends R, ? extends X> f) {
    Objects.requireNonNull(f, "f");
    return a -> this.<R, X>callFor(a, () -> f.apply(a));
  }

  /** What this policy does. */
  default Kind kind() {
    return Kind.OTHER;
  }

  /**
   * This policy around another one.
   *
   * @throws IllegalArgumentException if the order contradicts itself: a rate limit outside a retry
   *     or a hedge (one grant would be taken for several requests), a retry in a retry (attempts
   *     multiply), a fallback inside a retry, a breaker or a hedge (they would never see a
   *     failure), a hedge around a single flight or around a limit or lock of one (the second
   *     request would wait for the first), a timeout in one that is not longer, or the same object
   *     twice, also where two policies are views of one
   */
  @CheckReturnValue
  default Policy then(Policy inner) {
    return Chain.of(this, Objects.requireNonNull(inner, "inner"));
  }

  /**
   * The policies as one, outermost first.
   *
   * @throws IllegalArgumentException if there are none, or their order contradicts itself, see
   *     {@link #then}
   */
  @CheckReturnValue
  static Policy of(Policy... outermostFirst) {
    Objects.requireNonNull(outermostFirst, "outermostFirst");
    if (outermostFirst.length == 0)
      throw new IllegalArgumentException("there must be at least one policy, but there was none");
    Policy all = Objects.requireNonNull(outermostFirst[0], "outermostFirst[0]");
    for (int i = 1; i < outermostFirst.length; i++)
      all = all.then(Objects.requireNonNull(outermostFirst[i], "outermostFirst[" + i + "]"));
    return all;
  }
}
