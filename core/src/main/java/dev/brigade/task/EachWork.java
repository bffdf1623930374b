package dev.brigade.task;

import java.io.Serializable;
import java.util.Collection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The function of shapes over pieces of work: call it. For people it stands for the first piece,
 * since that tells where they were written; it does not travel with the function.
 */
abstract class EachWork implements ForkSite.Wrapper, Serializable {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable Object first;

  private EachWork(@Nullable Object first) {
    this.first = first;
  }

  /** Checks that all are there. */
  static @Nullable Object first(Collection<?> works) {
    Objects.requireNonNull(works, "works");
    Object first = null;
    int i = 0;
    for (Object work : works) {
      if (work == null) throw new NullPointerException("works[" + i + "]");
      if (i++ == 0) first = work;
    }
    return first;
  }

  @Override
  public final Object wrapped() {
    return first == null ? "work" : first;
  }

  static final class Call<R, X extends Exception> extends EachWork
      implements Fn<Work<? extends R, ? extends X>, R, X> {
    private static final long serialVersionUID = 1L;

    Call(@Nullable Object first) {
      super(first);
    }

    @Override
    public R apply(Work<? extends R, ? extends X> work) throws X, InterruptedException {
      return work.call();
    }
  }

  static final class CallAny<R> extends EachWork implements Fn<Work<? extends R, ?>, R, Exception> {
    private static final long serialVersionUID = 1L;

    CallAny(@Nullable Object first) {
      super(first);
    }

    @Override
    public R apply(Work<? extends R, ?> work) throws Exception {
      return work.call();
    }
  }

  static final class Run<X extends Exception> extends EachWork
      implements Fn<VoidWork<? extends X>, Object, X> {
    private static final long serialVersionUID = 1L;

    Run(@Nullable Object first) {
      super(first);
    }

    @Override
    public Object apply(VoidWork<? extends X> work) throws X, InterruptedException {
      work.run();
      return Null.result(null);
    }
  }
}
