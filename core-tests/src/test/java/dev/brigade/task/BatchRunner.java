package dev.brigade.task;

import dev.brigade.engine.Batch;
import dev.brigade.engine.Engine;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/** An engine elsewhere that knows batches: a virtual thread for each, told costs as if measured. */
final class BatchRunner {
  /** The sizes of the batches, in the order of launching. */
  final List<Integer> sizes = new CopyOnWriteArrayList<>();

  volatile long itemNanos = 100;
  volatile long overheadNanos = 50_000;

  Engine engine() {
    return Launching.instead(
        Elsewhere.chunked(),
        job -> {
          Batch batch = (Batch) job;
          sizes.add(batch.size());
          Thread.ofVirtual().start(() -> run(batch));
        });
  }

  /** Runs one as workers do. */
  void run(Batch batch) {
    if (!batch.tryStart()) return;
    var runner = new AtomicReference<>(Thread.currentThread());
    batch.onCancel(reason -> interrupt(runner));
    Fn<?, ?, ?> f = (Fn<?, ?, ?>) batch.function();
    for (int i = 0; i < batch.size() && !Thread.currentThread().isInterrupted(); i++) {
      if (i == batch.size() - 1) batch.cost(batch.size() * itemNanos, overheadNanos);
      if (!one(batch, f, i)) break;
    }
    synchronized (runner) {
      runner.set(null);
      boolean unused = Thread.interrupted();
    }
    batch.fail(new InterruptedException("never begun"));
  }

  @SuppressWarnings("unchecked")
  private static <A> boolean one(Batch batch, Fn<A, ?, ?> f, int i) {
    Object value;
    try {
      value = f.apply((A) batch.item(i));
    } catch (Throwable t) {
      batch.fail(i, t);
      return !batch.stopsAtFailure();
    }
    batch.succeed(i, value);
    return true;
  }

  private static void interrupt(AtomicReference<Thread> runner) {
    synchronized (runner) {
      Thread t = runner.get();
      if (t != null) t.interrupt();
    }
  }
}
