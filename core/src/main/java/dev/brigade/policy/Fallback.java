package dev.brigade.policy;

import dev.brigade.annotation.CheckReturnValue;
import dev.brigade.observe.Metered;
import dev.brigade.observe.Meters;
import dev.brigade.observe.Observers;
import dev.brigade.observe.PolicyEvent;
import dev.brigade.observe.Reading;
import dev.brigade.task.EarlierFailures;
import dev.brigade.task.Fn;
import dev.brigade.task.Tasks;
import dev.brigade.task.Work;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Gives a value in place of a failure. To see failures and values side by side use {@code
 * Tasks.settle}; to try again, {@link Retry}, written inside.
 *
 * {@snippet :
 * static final Fallback<List<Order>> NO_ORDERS =
 *     Fallback.<List<Order>>to(List.of()).onlyFor(SQLException.class);
 * List<Order> shown = NO_ORDERS.get(() -> loadOrders(id));
 * }
 *
 * <p>It never hides an interrupt, a cancellation, a deadline further out, or an {@link Error};
 * those pass. A scope's {@link dev.brigade.task.TaskFailedException} is judged, and handed on, as
 * its cause. A fallback that fails throws its own exception, with the original one suppressed.
 *
 * <p>{@link #get} checks the type of the value. As a {@link Policy} it cannot, since a policy is
 * not made for one type: there, a value of the wrong type is a {@link ClassCastException} where it
 * is used.
 *
 * <p>Immutable but for its statistics. Cost while nothing fails: one small object and a counter.
 * Memory effects: none but those of the work.
 *
 * @param <V> the value
 */
public final class Fallback<V> implements Policy, Metered {
  private final Fn<? super Exception, ? extends V, RuntimeException> value;
  private final Predicate<? super Exception> applies;
  private final String text;
  private volatile String name = "";

  private final LongAdder calls = new LongAdder();
  private final LongAdder fellBack = new LongAdder();
  private final LongAdder failed = new LongAdder();

  private Fallback(
      Fn<? super Exception, ? extends V, RuntimeException> value,
      Predicate<? super Exception> applies,
      String text) {
    this.value = value;
    this.applies = applies;
    this.text = text;
  }

  /** Always this value, possibly null. */
  @CheckReturnValue
  public static <V> Fallback<V> to(V value) {
    return new Fallback<>(_ -> value, _ -> true, "fallback");
  }

  /** A value made from the failure, on the calling thread. It may throw unchecked exceptions. */
  @CheckReturnValue
  public static <V> Fallback<V> from(Fn<? super Exception, ? extends V, RuntimeException> value) {
    return new Fallback<>(Objects.requireNonNull(value, "value"), _ -> true, "fallback");
  }

  /** For failures of these classes alone; others pass. */
  @CheckReturnValue
  @SafeVarargs
  @SuppressWarnings("varargs")
  public final Fallback<V> onlyFor(Class<? extends Exception>... classes) {
    if (classes.length == 0)
      throw new IllegalArgumentException("there must be at least one class, but there was none");
    Class<?>[] all = classes.clone();
    for (int i = 0; i < all.length; i++) Objects.requireNonNull(all[i], "classes[" + i + "]");
    return renamed(new Fallback<>(value, e -> isOneOf(e, all), text + " for " + names(all)));
  }

  private static boolean isOneOf(Exception e, Class<?>[] classes) {
    for (Class<?> c : classes) if (c.isInstance(e)) return true;
    return false;
  }

  private static String names(Class<?>[] classes) {
    var names = new StringBuilder();
    for (Class<?> c : classes) names.append(names.isEmpty() ? "" : ", ").append(c.getSimpleName());
    return names.toString();
  }

  /** For failures that this accepts alone; others pass. */
  @CheckReturnValue
  public Fallback<V> onlyIf(Predicate<? super Exception> failure) {
    return renamed(
        new Fallback<>(value, Objects.requireNonNull(failure, "failure"), text + " for some"));
  }

  /**
   * The result of the work, or the value in its place.
   *
   * @throws X what the work threw, if the fallback is not for that
   * @throws InterruptedException if the thread is interrupted or being cancelled
   */
  @CheckReturnValue
  public <X extends Exception> V get(Work<? extends V, X> work) throws X, InterruptedException {
    Objects.requireNonNull(work, "work");
    calls.increment();
    var earlier = EarlierFailures.begin();
    try {
      return work.call();
    } catch (Exception thrown) {
      Exception failure = failure(thrown, earlier);
      if (failure == null || !isOurs(failure, thrown, earlier)) throw thrown;
      return inPlaceOf(failure, thrown, earlier);
    }
  }

  /** What is to be replaced, if it may be; null if it is to pass. */
  private static @Nullable Exception failure(Exception thrown, EarlierFailures earlier)
      throws InterruptedException {
    try {
      return Ends.isToldToStop() ? null : Ends.failure(thrown);
    } catch (InterruptedException e) {
      earlier.add(thrown);
      earlier.suppressIn(e);
      throw e;
    }
  }

  private boolean isOurs(Exception failure, Exception thrown, EarlierFailures earlier) {
    try {
      return applies.test(failure);
    } catch (RuntimeException | Error e) {
      earlier.add(thrown);
      earlier.suppressIn(e);
      throw e;
    }
  }

  private V inPlaceOf(Exception failure, Exception thrown, EarlierFailures earlier)
      throws InterruptedException {
    V substitute;
    try {
      substitute = value.apply(failure);
    } catch (InterruptedException | RuntimeException | Error e) {
      failed.increment();
      earlier.add(thrown);
      earlier.suppressIn(e);
      throw e;
    }
    fellBack.increment();
    if (Observers.present())
      Observers.emit(
          PolicyEvent.here(
              PolicyEvent.Kind.FELL_BACK, Tasks.time().nanoTime(), toString(), null, thrown));
    return substitute;
  }

  /**
   * As {@link #get}, for work of any type: the value is not checked against it.
   *
   * @throws X what the work threw, if the fallback is not for that
   */
  @CheckReturnValue
  @Override
  @SuppressWarnings("unchecked") // documented
  public <T, X extends Exception> T call(Work<T, X> work) throws X, InterruptedException {
    return (T) this.<X>get((Work<? extends V, X>) work);
  }

  @Override
  public Kind kind() {
    return Kind.FALLBACK;
  }

  /**
   * Counts since the policy was made.
   *
   * @param calls how often it was called
   * @param fellBack how many failures were replaced
   * @param failed how many times the fallback failed itself
   */
  public record Statistics(long calls, long fellBack, long failed) {}

  /** The statistics now. */
  public Statistics statistics() {
    return new Statistics(calls.sum(), fellBack.sum(), failed.sum());
  }

  /** A copy has the name of what it is a copy of. */
  private Fallback<V> renamed(Fallback<V> copy) {
    return name.isEmpty() ? copy : copy.named(name);
  }

  /** Shows this policy under a name in every snapshot, while it is in use. */
  public Fallback<V> named(String newName) {
    name = Objects.requireNonNull(newName, "name");
    Meters.add(this);
    return this;
  }

  @Override
  public Reading reading() {
    return Reading.of("fallback", name, statistics());
  }

  @Override
  public String toString() {
    return Label.of(text, name);
  }
}
