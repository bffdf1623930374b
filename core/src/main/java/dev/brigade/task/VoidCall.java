package dev.brigade.task;

import java.util.concurrent.Callable;

/** Work without a result, as work with one. */
record VoidCall(VoidWork<?> work) implements Work<Void, Exception>, ForkSite.Wrapper {
  @Override
  public Void call() throws Exception {
    work.run();
    return Null.result(null);
  }

  @Override
  public Object wrapped() {
    return work;
  }

  /** Work that reports when it is ready, likewise. */
  record Start<V>(VoidFn<? super Ready<V>, ?> work, Ready<V> ready)
      implements Callable<Void>, ForkSite.Wrapper {
    @Override
    public Void call() throws Exception {
      work.accept(ready);
      return Null.result(null);
    }

    @Override
    public Object wrapped() {
      return work;
    }
  }
}
