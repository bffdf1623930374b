package dev.brigade.task;

/** A function whose calls a pace hears of. */
record PacedFn<A, R>(Pace pace, Fn<? super A, ? extends R, ?> f)
    implements Fn<A, R, Exception>, ForkSite.Wrapper {
  @Override
  public R apply(A item) throws Exception {
    ElasticWidth.Turn turn = pace.begin();
    Throwable failure = null;
    try {
      return f.apply(item);
    } catch (Throwable t) {
      failure = t;
      throw t;
    } finally {
      turn.ended(failure);
    }
  }

  @Override
  public Object wrapped() {
    return f;
  }
}
