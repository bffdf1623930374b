package dev.brigade.conformance;

import static dev.brigade.conformance.Launches.launching;

import dev.brigade.engine.Batch;
import dev.brigade.engine.Engine;
import dev.brigade.engine.Job;
import dev.brigade.task.Fn;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Engines that break the rules of batches. */
final class BatchDefects {
  private BatchDefects() {}

  static void addTo(Defects defects) {
    defects
        .batches("each item of a batch is reported once", handing(Twice::new))
        .batches("each item of a batch is run once", handing(RunTwice::new))
        .batches("an item's result is reported as its own", handing(Same::new))
        .batches("the items of a batch run one after the other", launching(BatchDefects::atOnce))
        .batches("an item that throws keeps no other from running", handing(b -> stops(b, true)))
        .batches(
            "no item begins after one that threw, if that decides", handing(b -> stops(b, false)))
        .batches(
            "an item whose exception or result can't travel keeps no other from running",
            handing(FailsWhole::new))
        .batches("a batch that may not start does not run", handing(Anyhow::new))
        .batches("a cancelled batch ends and begins no other item", handing(Deaf::new))
        .batches("a batch that is cancelled already does not run to its end", handing(Deaf::new))
        .batches(
            "shutdownNow in the middle of a batch ends each of its items once",
            BatchDefects::patient)
        .batches(
            "a batch launched after shutdown is not touched",
            launching(BatchDefects::startRejected))
        .batches("a batch's cost is told once at most, before its end", handing(Dear::new))
        .batches("the items of a batch share nothing", BatchDefects::knowingNoBatches)
        .batches("a map of many tiny items keeps their order", handing(Reversed::new))
        .batches(
            "a map of many tiny items ends by the first that throws", handing(HidesFailures::new))
        .batches("settle gives each of many tiny items its outcome", handing(HidesFailures::new));
  }

  private static UnaryOperator<Engine> handing(UnaryOperator<Batch> broken) {
    return Launches.handing(job -> job instanceof Batch b ? broken.apply(b) : job);
  }

  /** Takes batches for single tasks. */
  static Engine knowingNoBatches(Engine e) {
    return Launches.handing(ForwardingJob::new).apply(e);
  }

  private static final class Twice extends ForwardingBatch {
    Twice(Batch inner) {
      super(inner);
    }

    @Override
    public void succeed(int index, Object value) {
      items.succeed(index, value);
      items.succeed(index, value);
    }
  }

  private static final class RunTwice extends ForwardingBatch {
    RunTwice(Batch inner) {
      super(inner);
    }

    @Override
    @SuppressWarnings("unchecked")
    public Object function() {
      return twice((Fn<Object, Object, Exception>) items.function());
    }

    private static Fn<Object, Object, Exception> twice(Fn<Object, Object, Exception> f) {
      return i -> {
        f.apply(i);
        return f.apply(i);
      };
    }
  }

  private static final class Same extends ForwardingBatch {
    Same(Batch inner) {
      super(inner);
    }

    @Override
    public void succeed(int index, Object value) {
      items.succeed(index, "the same");
    }
  }

  @SuppressWarnings("unchecked")
  private static void atOnce(Engine e, Job job) {
    if (!(job instanceof Batch batch)) {
      e.launch(job);
      return;
    }
    boolean unused = batch.tryStart();
    var f = (Fn<Object, Object, Exception>) batch.function();
    for (int i = 0; i < batch.size(); i++) {
      int item = i;
      Thread.ofVirtual().start(() -> runOne(batch, f, item));
    }
  }

  private static void runOne(Batch batch, Fn<Object, Object, Exception> f, int item) {
    try {
      batch.succeed(item, f.apply(batch.item(item)));
    } catch (Exception e) {
      batch.fail(item, e);
    }
  }

  private static Batch stops(Batch batch, boolean stops) {
    return new ForwardingBatch(batch) {
      @Override
      public boolean stopsAtFailure() {
        return stops;
      }
    };
  }

  private static final class FailsWhole extends ForwardingBatch {
    FailsWhole(Batch inner) {
      super(inner);
    }

    @Override
    public void fail(int index, Throwable failure) {
      items.fail(failure);
    }
  }

  private static final class Anyhow extends ForwardingBatch {
    Anyhow(Batch inner) {
      super(inner);
    }

    @Override
    public boolean tryStart() {
      boolean unused = items.tryStart();
      return true;
    }
  }

  private static final class Deaf extends ForwardingBatch {
    Deaf(Batch inner) {
      super(inner);
    }

    @Override
    public void onCancel(Consumer<? super String> action) {}
  }

  private static Engine patient(Engine e) {
    return new ForwardingEngine(e) {
      @Override
      public List<Runnable> shutdownNow() {
        inner.shutdown();
        return List.of();
      }
    };
  }

  private static void startRejected(Engine e, Job job) {
    try {
      e.launch(job);
    } catch (RejectedExecutionException rejected) {
      boolean unused = job.tryStart();
      throw rejected;
    }
  }

  private static final class Dear extends ForwardingBatch {
    Dear(Batch inner) {
      super(inner);
    }

    @Override
    public void cost(long runNanos, long overheadNanos) {
      items.cost(runNanos, overheadNanos);
      items.cost(runNanos, overheadNanos);
    }
  }

  private static final class Reversed extends ForwardingBatch {
    Reversed(Batch inner) {
      super(inner);
    }

    @Override
    public void succeed(int index, Object value) {
      items.succeed(items.size() - 1 - index, value);
    }
  }

  private static final class HidesFailures extends ForwardingBatch {
    HidesFailures(Batch inner) {
      super(inner);
    }

    @Override
    public void fail(int index, Throwable failure) {
      items.succeed(index, null);
    }
  }
}
