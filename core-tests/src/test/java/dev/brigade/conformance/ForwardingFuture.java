package dev.brigade.conformance;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A future as good as another one, to be broken in one place. */
class ForwardingFuture<T> implements Future<T> {
  final Future<T> inner;

  ForwardingFuture(Future<T> inner) {
    this.inner = inner;
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    return inner.cancel(mayInterruptIfRunning);
  }

  @Override
  public boolean isCancelled() {
    return inner.isCancelled();
  }

  @Override
  public boolean isDone() {
    return inner.isDone();
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    return inner.get();
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    return inner.get(timeout, unit);
  }

  @Override
  public T resultNow() {
    return inner.resultNow();
  }

  @Override
  public Throwable exceptionNow() {
    return inner.exceptionNow();
  }

  @Override
  public State state() {
    return inner.state();
  }
}
