package dev.brigade.task;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Serial;
import java.io.Serializable;
import java.io.StringWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A batch as one piece of work, for an engine that does not know batches: the items one after the
 * other, and all that came of them.
 *
 * @param stops whether a failure ends it
 */
record BatchWork<A, R>(Fn<? super A, ? extends R, ?> f, @Nullable Object[] items, boolean stops)
    implements Work<BatchWork.Results, RuntimeException>, ForkSite.Wrapper {

  /**
   * What came of the items. One that can't travel does not keep the others from it.
   *
   * @param values of those that ended, from the first on; of one that failed, a {@link Thrown}
   * @param runNanos how long they ran
   */
  record Results(@Nullable Object[] values, long runNanos) implements Serializable {
    @Serial
    private Object writeReplace() {
      if (obstacle(values) == null) return this;
      var able = new Object[values.length];
      for (int i = 0; i < able.length; i++) able[i] = able(values[i]);
      return new Results(able, runNanos);
    }

    private static @Nullable Object able(@Nullable Object value) {
      Throwable why = obstacle(value);
      if (why == null) return value;
      return new Thrown(
          value instanceof Thrown(Throwable failure)
              ? new RemoteFailureException(text(failure))
              : new IllegalStateException("the result can't travel: " + why.getMessage()));
    }
  }

  /** What an item threw. */
  record Thrown(Throwable failure) implements Serializable {}

  @Override
  public Results call() {
    long start = System.nanoTime();
    var values = new Object[items.length];
    int n = 0;
    // A flag between items is a cancellation, or was left by the item: the rest is given back.
    while (n < items.length && !(n > 0 && Thread.currentThread().isInterrupted())) {
      Object value = one(n);
      values[n++] = value;
      if (value instanceof Thrown t && (stops || Failures.isInterrupt(t.failure))) break;
    }
    boolean unused = Thread.interrupted();
    return new Results(Arrays.copyOf(values, n), System.nanoTime() - start);
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // items and results may be null
  private @Nullable Object one(int index) {
    try {
      return f.apply((A) items[index]);
    } catch (Throwable t) {
      return new Thrown(t);
    }
  }

  /** Why it can't be written to a stream, or null. */
  private static @Nullable Throwable obstacle(@Nullable Object value) {
    try (var out = new ObjectOutputStream(OutputStream.nullOutputStream())) {
      out.writeObject(value);
      return null;
    } catch (IOException | RuntimeException | StackOverflowError e) {
      return e;
    }
  }

  private static String text(Throwable thrown) {
    var text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }

  @Override
  public Object wrapped() {
    return f;
  }
}
