package dev.brigade.testing;

import dev.brigade.engine.Batch;
import dev.brigade.task.Fn;
import java.io.IOException;
import java.io.NotSerializableException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A batch on its way: the function is copied once, and each item by itself, so that items share
 * nothing with one another. Guarded by the monitor: runner, cancelled. An interrupt is sent only
 * while an item runs, so that none reaches the reports or the next item.
 */
final class SerialisedBatch implements Runnable {
  private final Batch batch;
  private final Parcel function;
  private final Parcel[] items;
  private final ClassLoader loader;
  private final BooleanSupplier stopping;
  private @Nullable Thread runner;
  private boolean cancelled;

  /**
   * Packs it.
   *
   * @param stopping whether the engine begins nothing any more
   * @throws RejectedExecutionException if something in it can't travel
   */
  SerialisedBatch(Batch batch, ClassLoader loader, BooleanSupplier stopping) {
    this.batch = batch;
    this.loader = loader;
    this.stopping = stopping;
    this.items = new Parcel[batch.size()];
    try {
      this.function = Parcel.pack(batch.function());
      for (int i = 0; i < items.length; i++) items[i] = Parcel.pack(batch.item(i));
    } catch (NotSerializableException e) {
      throw new RejectedExecutionException("the batch can't travel: " + e.getMessage(), e);
    }
  }

  @Override
  public void run() {
    if (!batch.tryStart()) return;
    batch.onCancel(reason -> cancel());
    long start = System.nanoTime();
    Fn<@Nullable Object, ?, ?> f;
    try {
      f = function();
    } catch (IOException | ClassNotFoundException e) {
      batch.fail(e);
      return;
    }
    long copied = System.nanoTime() - start;
    for (int i = 0; i < items.length && begin(); i++) {
      Object value = null;
      Throwable failure = null;
      try {
        value = SerialisingEngine.copyOf(f.apply(items[i].open(loader)), loader);
      } catch (Throwable e) {
        failure = Parcel.copyOf(e, loader);
      }
      end();
      if (i == items.length - 1) batch.cost(System.nanoTime() - start - copied, copied);
      if (failure == null) batch.succeed(i, value);
      else batch.fail(i, failure);
      if (failure != null && batch.stopsAtFailure()) break;
    }
    batch.fail(new InterruptedException("cancelled before it began"));
  }

  @SuppressWarnings("unchecked") // as it was given
  private Fn<@Nullable Object, ?, ?> function() throws IOException, ClassNotFoundException {
    return (Fn<@Nullable Object, ?, ?>) function.open(loader);
  }

  private synchronized boolean begin() {
    if (cancelled || stopping.getAsBoolean()) return false;
    runner = Thread.currentThread();
    return true;
  }

  private synchronized void end() {
    runner = null;
    boolean unused = Thread.interrupted();
  }

  private synchronized void cancel() {
    cancelled = true;
    if (runner != null) runner.interrupt();
  }
}
