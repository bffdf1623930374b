package dev.brigade.task;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The input of a fan-out: a known number of items, or an iterator that is pulled as needed. */
record Items<A>(
    @Nullable Object @Nullable [] known,
    @Nullable Iterator<? extends A> pulled,
    @Nullable AutoCloseable close) {

  static <A> Items<A> of(Iterable<? extends A> items) {
    Objects.requireNonNull(items, "items");
    AutoCloseable close = items instanceof AutoCloseable c ? c : null;
    try {
      if (items instanceof Collection<?> c) return new Items<>(c.toArray(), null, close);
      return new Items<>(null, Objects.requireNonNull(items.iterator(), "items.iterator()"), close);
    } catch (Throwable t) {
      new Items<>(null, null, close).close(t, Failures.callBegins());
      throw t;
    }
  }

  static <A> Items<A> of(Stream<? extends A> items) {
    Objects.requireNonNull(items, "items");
    return new Items<>(null, items.iterator(), items);
  }

  /** For shapes that must know how many there are. */
  Items<A> counted() throws InterruptedException {
    if (known != null) return this;
    List<A> all = new ArrayList<>();
    while (pulled != null && pulled.hasNext()) {
      all.add(pulled.next());
      // An input without end must not outlast a deadline.
      if ((all.size() & 0xFF) == 0) Tasks.checkCancelled();
    }
    return new Items<>(all.toArray(), null, close);
  }

  @SuppressWarnings({"unchecked", "NullAway"})
  A get(int index) {
    return (A) known[index];
  }

  /** One after the other, whichever kind it is; the same iterator each time if it is pulled. */
  Iterator<? extends A> iterator() {
    if (pulled != null) return pulled;
    return new Iterator<A>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < size();
      }

      @Override
      public A next() {
        if (!hasNext()) throw new NoSuchElementException();
        return get(next++);
      }
    };
  }

  int size() {
    return known == null ? -1 : known.length;
  }

  /** Closes the input; after a failure the failure of closing is suppressed in it. */
  void close(@Nullable Throwable primary, long call) {
    if (close == null) return;
    try {
      close.close();
    } catch (Throwable t) {
      if (primary != null) {
        Failures.suppress(primary, t, call);
        return;
      }
      if (t instanceof IOException e) throw new UncheckedIOException("closing the input failed", e);
      throw Failures.<RuntimeException>sneaky(t);
    }
  }
}
