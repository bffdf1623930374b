package dev.brigade.conformance;

import dev.brigade.engine.Engine;
import dev.brigade.engine.Job;
import dev.brigade.engine.Traits;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Building blocks of engines that treat their jobs wrongly. */
final class Launches {
  private Launches() {}

  /** An engine that launches like this; the first argument is the sound engine. */
  static UnaryOperator<Engine> launching(BiConsumer<Engine, Job> launch) {
    return e ->
        new ForwardingEngine(e) {
          @Override
          public void launch(Job job) {
            launch.accept(inner, job);
          }
        };
  }

  /** An engine that hands this job to the sound engine instead. */
  static UnaryOperator<Engine> handing(UnaryOperator<Job> broken) {
    return launching((e, job) -> e.launch(broken.apply(job)));
  }

  /** An engine that runs the work itself and reports like this. */
  static UnaryOperator<Engine> reporting(
      BiConsumer<Job, Object> succeed, BiConsumer<Job, Throwable> fail) {
    return launching((e, job) -> {
      Callable<?> work = job.work();
      e.execute(() -> {
        if (!job.tryStart()) return;
        Object value;
        try {
          value = work.call();
        } catch (Throwable t) {
          fail.accept(job, t);
          return;
        }
        succeed.accept(job, value);
      });
    });
  }

  /** Runs the work where no cancellation reaches it. */
  static UnaryOperator<Engine> deaf() {
    return reporting(Job::succeed, Job::fail);
  }

  /** Reports success before it runs the work. */
  static UnaryOperator<Engine> tooEarly() {
    return launching((e, job) -> {
      Callable<?> work = job.work();
      e.execute(() -> {
        if (!job.tryStart()) return;
        job.succeed(null);
        try {
          Thread.sleep(50);
          work.call();
        } catch (Exception ignored) {
          return;
        }
      });
    });
  }

  /** A job that reports every value as this one. */
  static Job saying(Job job, Object value) {
    return new ForwardingJob(job) {
      @Override
      public void succeed(Object ignored) {
        inner.succeed(value);
      }
    };
  }

  static Job failing(Job job) {
    return new ForwardingJob(job) {
      @Override
      public void succeed(Object value) {
        inner.fail(new IllegalArgumentException("number 0"));
      }
    };
  }

  static Job hidingFailures(Job job) {
    return new ForwardingJob(job) {
      @Override
      public void fail(Throwable failure) {
        inner.succeed(null);
      }
    };
  }

  static Job wrappingFailures(Job job) {
    return new ForwardingJob(job) {
      @Override
      public void fail(Throwable failure) {
        inner.fail(new IllegalStateException(failure));
      }
    };
  }

  static Job notToBeCancelled(Job job) {
    return new ForwardingJob(job) {
      @Override
      public void onCancel(Consumer<? super String> action) {}
    };
  }

  /** A job whose value counts for nothing once it was to be cancelled. */
  static Job losingLateValues(Job job) {
    return new ForwardingJob(job) {
      private volatile boolean cancelled;

      @Override
      public void onCancel(Consumer<? super String> action) {
        inner.onCancel(reason -> {
          cancelled = true;
          action.accept(reason);
        });
      }

      @Override
      public void succeed(Object value) {
        if (cancelled) inner.fail(new CancellationException());
        else inner.succeed(value);
      }
    };
  }

  static Engine withTraits(Engine e, UnaryOperator<Traits> lie) {
    return new ForwardingEngine(e) {
      @Override
      public Traits traits() {
        return lie.apply(inner.traits());
      }
    };
  }

  /** Says that its tasks run elsewhere, and runs them here, on the caller's own objects. */
  static Engine pretendingElsewhere(Engine e) {
    return withTraits(
        e, t -> new Traits(t.name(), 64, false, false, false, true, t.delivery(), false));
  }
}
