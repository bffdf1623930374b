package dev.brigade.task;

/** A function whose calls a pace hears of. */
record PacedFn<A, R>(Pace pace, Fn<? super A, ? extends R, ?> f)
    implements Fn<A, R, Exception>, ForkSite.Wrapper {
  @Override
  public R apply(A item) throws Exception {
    pace.began();
    long start = System.nanoTime();
    Throwable failure = null;
    try {
      return f.apply(item);
    } catch (Throwable t) {
      failure = t;
      throw t;
    } finally {
      pace.ended(System.nanoTime() - start, failure);
    }
  }

  @Override
  public Object wrapped() {
    return f;
  }
}
