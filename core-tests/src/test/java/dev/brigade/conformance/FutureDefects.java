package dev.brigade.conformance;

import dev.brigade.engine.Engine;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

/** Engines whose futures break the rules. */
final class FutureDefects {
  private FutureDefects() {}

  @FunctionalInterface
  private interface Wrap {
    <T> Future<T> of(Future<T> future);
  }

  private static UnaryOperator<Engine> futures(Wrap wrap) {
    return e ->
        new ForwardingEngine(e) {
          @Override
          public <T> Future<T> submit(Callable<T> task) {
            return wrap.of(inner.submit(task));
          }
        };
  }

  static void addTo(Defects defects) {
    defects
        .virtual("a running task is not done", futures(FutureDefects::alwaysDone))
        .virtual("a future that has its value is done", futures(FutureDefects::neverDone))
        .virtual(
            "a failed future is done and gives the failure", futures(FutureDefects::otherFailure))
        .virtual(
            "a cancelled future is done and gives nothing", futures(FutureDefects::neverCancelled))
        .virtual("a future stays as it ended", futures(Forgetful::new))
        .virtual("get returns after the task's last action", FutureDefects::doneTooEarly)
        .virtual("a timed get gives up and the task goes on", futures(FutureDefects::nullInstead))
        .virtual("a timed get gives the value when there is time", futures(FutureDefects::givesUp))
        .virtual(
            "an interrupted get throws and the task goes on", futures(FutureDefects::getCancels))
        .virtual("everyone who waits gets the value", futures(FutureDefects::onceOnly))
        .pool("a task cancelled before it began never runs", futures(PretendedCancel::new))
        .virtual(
            "cancel(true) interrupts the running task", futures(FutureDefects::neverInterrupts))
        .virtual(
            "cancel(false) lets the running task go on", futures(FutureDefects::alwaysInterrupts))
        .virtual("cancelling after the end is refused", futures(FutureDefects::cancelsAlways))
        .virtual("who waits is woken by a cancellation", futures(FutureDefects::cancelIsSilent))
        .virtual("cancelling one task does not interrupt the next", FutureDefects::interruptNext);
  }

  private static <T> Future<T> alwaysDone(Future<T> f) {
    return new ForwardingFuture<>(f) {
      @Override
      public boolean isDone() {
        return true;
      }
    };
  }

  private static <T> Future<T> neverDone(Future<T> f) {
    return new ForwardingFuture<>(f) {
      @Override
      public boolean isDone() {
        return false;
      }
    };
  }

  private static <T> Future<T> otherFailure(Future<T> f) {
    return new ForwardingFuture<>(f) {
      @Override
      public Throwable exceptionNow() {
        return new IllegalStateException(inner.exceptionNow());
      }
    };
  }

  private static <T> Future<T> neverCancelled(Future<T> f) {
    return new ForwardingFuture<>(f) {
      @Override
      public boolean isCancelled() {
        return false;
      }
    };
  }

  /** Cancelled only until the task ends. */
  private static final class Forgetful<T> extends ForwardingFuture<T> {
    private volatile boolean cancelled;

    Forgetful(Future<T> inner) {
      super(inner);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      cancelled = true;
      return true;
    }

    @Override
    public State state() {
      return cancelled && !inner.isDone() ? State.CANCELLED : inner.state();
    }
  }

  private static Engine doneTooEarly(Engine e) {
    return new ForwardingEngine(e) {
      @Override
      public Future<?> submit(Runnable task) {
        Future<?> unused = inner.submit(task);
        return CompletableFuture.completedFuture(null);
      }
    };
  }

  private static <T> Future<T> nullInstead(Future<T> f) {
    return new ForwardingFuture<>(f) {
      @Override
      public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException {
        try {
          return inner.get(timeout, unit);
        } catch (TimeoutException e) {
          return null;
        }
      }
    };
  }

  private static <T> Future<T> givesUp(Future<T> f) {
    return new ForwardingFuture<>(f) {
      @Override
      public T get(long timeout, TimeUnit unit) throws TimeoutException {
        throw new TimeoutException();
      }
    };
  }

  private static <T> Future<T> getCancels(Future<T> f) {
    return new ForwardingFuture<>(f) {
      @Override
      public T get() throws InterruptedException, ExecutionException {
        try {
          return inner.get();
        } catch (InterruptedException e) {
          inner.cancel(true);
          throw e;
        }
      }
    };
  }

  private static <T> Future<T> onceOnly(Future<T> f) {
    var given = new AtomicBoolean();
    return new ForwardingFuture<>(f) {
      @Override
      public T get() throws InterruptedException, ExecutionException {
        T value = inner.get();
        return given.getAndSet(true) ? null : value;
      }
    };
  }

  /** Says that the task was cancelled, and lets it run. */
  private static final class PretendedCancel<T> extends ForwardingFuture<T> {
    private volatile boolean cancelled;

    PretendedCancel(Future<T> inner) {
      super(inner);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      cancelled = true;
      return true;
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
      if (cancelled) throw new CancellationException();
      return inner.get();
    }
  }

  private static <T> Future<T> neverInterrupts(Future<T> f) {
    return cancelling(f, false);
  }

  private static <T> Future<T> alwaysInterrupts(Future<T> f) {
    return cancelling(f, true);
  }

  private static <T> Future<T> cancelling(Future<T> f, boolean interrupt) {
    return new ForwardingFuture<>(f) {
      @Override
      public boolean cancel(boolean mayInterruptIfRunning) {
        return inner.cancel(interrupt);
      }
    };
  }

  private static <T> Future<T> cancelsAlways(Future<T> f) {
    return new ForwardingFuture<>(f) {
      @Override
      public boolean cancel(boolean mayInterruptIfRunning) {
        inner.cancel(mayInterruptIfRunning);
        return true;
      }
    };
  }

  private static <T> Future<T> cancelIsSilent(Future<T> f) {
    return new ForwardingFuture<>(f) {
      @Override
      public boolean cancel(boolean mayInterruptIfRunning) {
        return true;
      }
    };
  }

  private static Engine interruptNext(Engine e) {
    var cancelled = new AtomicBoolean();
    return new ForwardingEngine(e) {
      @Override
      public <T> Future<T> submit(Callable<T> task) {
        Future<T> future =
            inner.submit(() -> {
              if (cancelled.getAndSet(false)) Thread.currentThread().interrupt();
              return task.call();
            });
        return new ForwardingFuture<>(future) {
          @Override
          public boolean cancel(boolean mayInterruptIfRunning) {
            cancelled.set(true);
            return inner.cancel(mayInterruptIfRunning);
          }
        };
      }
    };
  }
}
