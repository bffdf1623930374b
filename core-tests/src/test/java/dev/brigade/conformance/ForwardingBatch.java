package dev.brigade.conformance;

import dev.brigade.engine.Batch;

/** A batch as good as another one, to be broken in one place. */
class ForwardingBatch extends ForwardingJob implements Batch {
  final Batch items;

  ForwardingBatch(Batch inner) {
    super(inner);
    this.items = inner;
  }

  @Override
  public int size() {
    return items.size();
  }

  @Override
  public Object function() {
    return items.function();
  }

  @Override
  public Object item(int index) {
    return items.item(index);
  }

  @Override
  public boolean stopsAtFailure() {
    return items.stopsAtFailure();
  }

  @Override
  public void succeed(int index, Object value) {
    items.succeed(index, value);
  }

  @Override
  public void fail(int index, Throwable failure) {
    items.fail(index, failure);
  }

  @Override
  public void cost(long runNanos, long overheadNanos) {
    items.cost(runNanos, overheadNanos);
  }
}
