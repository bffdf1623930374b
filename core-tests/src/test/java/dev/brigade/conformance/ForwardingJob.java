package dev.brigade.conformance;

import dev.brigade.engine.Job;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** A job as good as another one, to be broken in one place. */
class ForwardingJob implements Job {
  final Job inner;

  ForwardingJob(Job inner) {
    this.inner = inner;
  }

  @Override
  public void run() {
    inner.run();
  }

  @Override
  public Callable<?> work() {
    return inner.work();
  }

  @Override
  public boolean tryStart() {
    return inner.tryStart();
  }

  @Override
  public void onCancel(Consumer<? super String> action) {
    inner.onCancel(action);
  }

  @Override
  public void succeed(Object value) {
    inner.succeed(value);
  }

  @Override
  public void fail(Throwable failure) {
    inner.fail(failure);
  }
}
