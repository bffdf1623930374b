package dev.brigade.task;

/** For an engine that does not share the JVM: a task for each item, at most `width` of them out. */
final class RemoteCrew<A, R> extends Crew<A, R> {
  private final Items<A> items;
  private final Places places;
  private int pulled;
  private boolean exhausted;

  RemoteCrew(
      TaskScope scope,
      Items<A> items,
      Fn<? super A, ? extends R, ?> f,
      Rule<A, R> rule,
      int width) {
    super(scope, f, rule, width);
    this.items = items;
    this.places = new Places(width);
  }

  /** The function and one item, which is all that travels. */
  record Apply<A, R>(Fn<? super A, ? extends R, ?> f, A item)
      implements Work<R, Exception>, ForkSite.Wrapper {
    @Override
    public R call() throws Exception {
      return f.apply(item);
    }

    @Override
    public Object wrapped() {
      return f;
    }
  }

  @Override
  void run() throws InterruptedException {
    for (int i = 0; ; i++) {
      places.awaitFree();
      if (stopped()) return;
      if (!more(i)) {
        exhausted = true;
        return;
      }
      A item = items.pulled() != null ? items.pulled().next() : items.get(i);
      places.take();
      pulled++;
      int index = i;
      TaskNode<R> task = scope.fork(null, scope.engine, new Apply<>(f, item), 0);
      task.onDone(o -> ended(index, o));
    }
  }

  @Override
  boolean complete() {
    return exhausted && ended.get() == pulled;
  }

  private boolean more(int i) {
    return items.pulled() != null ? items.pulled().hasNext() : i < items.size();
  }

  private void ended(int index, Outcome<R> outcome) {
    try {
      tell(index, outcome);
    } catch (Throwable t) {
      scope.cancelForFailure(t);
    } finally {
      places.giveBack();
    }
  }

  private void tell(int index, Outcome<R> outcome) {
    switch (outcome) {
      case Outcome.Success<R>(R value) -> {
        rule.success(index, value, scope);
        ended.getAndIncrement();
      }
      case Outcome.Failed<R>(Throwable failure) -> {
        ended.getAndIncrement();
        if (rule.failure(index, failure, scope)) scope.cancelForFailure(failure);
      }
      case Outcome.Cancelled<R> c -> {}
    }
  }
}
