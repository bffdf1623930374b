package dev.brigade.conformance;

import dev.brigade.engine.Engine;
import dev.brigade.engine.Job;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Engines that break the rules of shutting down and closing. */
final class EndingDefects {
  private EndingDefects() {}

  static void addTo(Defects defects) {
    defects
        .virtual("an open engine says so", EndingDefects::saysItIsShutDown)
        .virtual("submit is rejected after shutdown", Lenient::new)
        .virtual("execute is rejected after shutdown", Lenient::new)
        .virtual("invokeAll is rejected after shutdown", Lenient::new)
        .virtual("a fork is rejected after shutdown", Lenient::new)
        .virtual("submit is rejected after close", EndingDefects::closesNothing)
        .virtual("shutdown lets running tasks end", EndingDefects::shutsDownNow)
        .pool("shutdown lets queued tasks run", EndingDefects::shutsDownNow)
        .virtual("shutting down twice is harmless", EndingDefects::shutsDownOnce)
        .virtual("shutdownNow interrupts running tasks", EndingDefects::shutsDownGently)
        .pool("shutdownNow gives back what never began", EndingDefects::givesNothingBack)
        .virtual("isTerminated only when all tasks have ended", EndingDefects::terminatedAtOnce)
        .virtual("awaitTermination gives up when its time has passed", e -> awaiting(e, true))
        .virtual("awaitTermination returns when all tasks have ended", e -> awaiting(e, false))
        .virtual("awaitTermination can be interrupted", e -> awaiting(e, false))
        .virtual("close waits for the tasks", EndingDefects::closesWithoutWaiting)
        .virtual("closing twice is harmless", EndingDefects::closesOnce)
        .virtual("closing during a close waits as well", EndingDefects::secondCloseReturns)
        .virtual(
            "an interrupted close interrupts the tasks and still waits",
            EndingDefects::interruptedCloseReturns);
  }

  private static Engine saysItIsShutDown(Engine e) {
    return new ForwardingEngine(e) {
      @Override
      public boolean isShutdown() {
        return true;
      }
    };
  }

  /** Takes work after shutdown, and does not do it. */
  private static final class Lenient extends ForwardingEngine {
    Lenient(Engine inner) {
      super(inner);
    }

    @Override
    public <T> Future<T> submit(Callable<T> task) {
      return isShutdown() ? new CompletableFuture<>() : inner.submit(task);
    }

    @Override
    public void execute(Runnable command) {
      if (!isShutdown()) inner.execute(command);
    }

    @Override
    public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks)
        throws InterruptedException {
      return isShutdown() ? List.of() : inner.invokeAll(tasks);
    }

    @Override
    public void launch(Job job) {
      if (!isShutdown()) inner.launch(job);
      else if (job.tryStart()) job.succeed("not done");
    }
  }

  private static Engine closesNothing(Engine e) {
    return new ForwardingEngine(e) {
      @Override
      public void close() {}
    };
  }

  private static Engine shutsDownNow(Engine e) {
    return new ForwardingEngine(e) {
      @Override
      public void shutdown() {
        for (Runnable r : inner.shutdownNow()) if (r instanceof Future<?> f) f.cancel(false);
      }
    };
  }

  private static Engine shutsDownOnce(Engine e) {
    return new ForwardingEngine(e) {
      @Override
      public void shutdown() {
        if (isShutdown()) throw new RejectedExecutionException("shut down already");
        inner.shutdown();
      }
    };
  }

  private static Engine shutsDownGently(Engine e) {
    return new ForwardingEngine(e) {
      @Override
      public List<Runnable> shutdownNow() {
        inner.shutdown();
        return List.of();
      }
    };
  }

  private static Engine givesNothingBack(Engine e) {
    return new ForwardingEngine(e) {
      @Override
      public List<Runnable> shutdownNow() {
        inner.shutdownNow();
        return List.of();
      }
    };
  }

  private static Engine terminatedAtOnce(Engine e) {
    return new ForwardingEngine(e) {
      @Override
      public boolean isTerminated() {
        return isShutdown();
      }
    };
  }

  private static Engine awaiting(Engine e, boolean answer) {
    return new ForwardingEngine(e) {
      @Override
      public boolean awaitTermination(long timeout, TimeUnit unit) {
        return answer;
      }
    };
  }

  private static Engine closesWithoutWaiting(Engine e) {
    return new ForwardingEngine(e) {
      @Override
      public void close() {
        inner.shutdown();
      }
    };
  }

  private static Engine closesOnce(Engine e) {
    return new ForwardingEngine(e) {
      @Override
      public void close() {
        if (isShutdown()) throw new IllegalStateException("closed already");
        inner.close();
      }
    };
  }

  private static Engine secondCloseReturns(Engine e) {
    var closing = new AtomicBoolean();
    return new ForwardingEngine(e) {
      @Override
      public void close() {
        if (!closing.getAndSet(true)) inner.close();
      }
    };
  }

  private static Engine interruptedCloseReturns(Engine e) {
    return new ForwardingEngine(e) {
      @Override
      public void close() {
        inner.shutdown();
        try {
          boolean unused = inner.awaitTermination(1, TimeUnit.HOURS);
        } catch (InterruptedException ended) {
          inner.shutdownNow();
          Thread.currentThread().interrupt();
        }
      }
    };
  }
}
