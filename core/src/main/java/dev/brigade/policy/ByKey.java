package dev.brigade.policy;

import dev.brigade.task.Work;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Something that needs a key to be called, with the rule that finds the key in the input. */
abstract class ByKey<K> implements Policy {
  private final Object keyed;
  private final Kind kind;
  private final Function<Object, ? extends K> key;

  /** The input is what the caller gives, so that its type is right is the caller's word. */
  @SuppressWarnings("unchecked")
  ByKey(Object keyed, Kind kind, Function<?, ? extends K> key) {
    this.keyed = keyed;
    this.kind = kind;
    this.key = (Function<Object, ? extends K>) Objects.requireNonNull(key, "key");
  }

  abstract <T, X extends Exception> T callKey(K k, Work<T, X> work) throws X, InterruptedException;

  @Override
  public final <T, X extends Exception> T call(Work<T, X> work) throws X, InterruptedException {
    throw new IllegalStateException(
        "["
            + this
            + "] needs an input to take the key from: use callFor(input, work), around(function),"
            + " or a fan-out over items");
  }

  @Override
  public final <T, X extends Exception> T callFor(@Nullable Object input, Work<T, X> work)
      throws X, InterruptedException {
    Objects.requireNonNull(work, "work");
    Objects.requireNonNull(input, "input");
    K k = key.apply(input);
    if (k == null)
      throw new NullPointerException(
          this + ": its function gave no key, but null, for the input " + Label.inWords(input));
    return this.<T, X>callKey(k, work);
  }

  /** What this is a view of. */
  final Object keyed() {
    return keyed;
  }

  @Override
  public final Kind kind() {
    return kind;
  }

  @Override
  public final String toString() {
    return keyed.toString();
  }
}
