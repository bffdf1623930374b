package dev.brigade.conformance;

import dev.brigade.engine.Engine;
import dev.brigade.testing.conformance.EngineUnderTest;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Engines that break the rules of submission. */
final class SubmissionDefects {
  private SubmissionDefects() {}

  /** What a broken engine does with a callable before it submits it. */
  @FunctionalInterface
  private interface Twist {
    <T> Callable<T> of(Callable<T> task);
  }

  private static UnaryOperator<Engine> twisted(Twist twist) {
    return e ->
        new ForwardingEngine(e) {
          @Override
          public <T> Future<T> submit(Callable<T> task) {
            return inner.submit(twist.of(task));
          }
        };
  }

  private static <T> Callable<T> forgetting(Callable<T> task) {
    return () -> {
      task.call();
      return null;
    };
  }

  @SuppressWarnings("unchecked")
  private static <T> Callable<T> refusingNull(Callable<T> task) {
    return () -> {
      T value = task.call();
      return value == null ? (T) "" : value;
    };
  }

  private static <T> Callable<T> wrapping(Callable<T> task) {
    return () -> {
      try {
        return task.call();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    };
  }

  private static <T> Callable<T> wrappingErrors(Callable<T> task) {
    return () -> {
      try {
        return task.call();
      } catch (Error e) {
        throw new IllegalStateException(e);
      }
    };
  }

  private static <T> Callable<T> copyingFailures(Callable<T> task) {
    return () -> {
      try {
        return task.call();
      } catch (IOException e) {
        throw new IOException(e.getMessage());
      }
    };
  }

  static void addTo(Defects defects) {
    defects
        .virtual("a callable's value is its future's", twisted(SubmissionDefects::forgetting))
        .virtual("null is a value", twisted(SubmissionDefects::refusingNull))
        .virtual("a runnable's future gives null", SubmissionDefects::runnableWithValue)
        .virtual("a runnable's future gives the result named", SubmissionDefects::forgetResult)
        .virtual(
            "a failure is the cause of the ExecutionException",
            twisted(SubmissionDefects::wrapping))
        .virtual(
            "an Error is the cause of the ExecutionException",
            twisted(SubmissionDefects::wrappingErrors))
        .virtual(
            "a failure in this JVM is the same object", twisted(SubmissionDefects::copyingFailures))
        .virtual("execute runs the command", SubmissionDefects::dropCommands)
        .virtual("each task runs once", SubmissionDefects::runTwice)
        .virtual("failed tasks do no harm to later ones", SubmissionDefects::tireOfFailures)
        .virtual("a task runs on another thread than the caller's", SubmissionDefects::runHere)
        .add("tasks run at the same time", 2, () -> Engine.openThreads(1), e -> e)
        .add("no more tasks run at once than the bound", 2, () -> Engine.openThreads(8), e -> e)
        .virtual(
            "an interrupt left behind does not reach the next task",
            SubmissionDefects::passInterruptsOn)
        .virtual("submit refuses a null callable", SubmissionDefects::acceptNull)
        .virtual("submit refuses a null runnable", SubmissionDefects::acceptNull)
        .virtual("submit refuses a null runnable with a result", SubmissionDefects::acceptNull)
        .virtual("execute refuses null", SubmissionDefects::acceptNull)
        .add(
            "shutting down a shared engine does nothing",
            EngineUnderTest.shared("double", 0, Engine.openVirtual()))
        .add(
            "closing a shared engine does nothing",
            EngineUnderTest.shared("double", 0, Engine.openVirtual()));
  }

  private static Engine runnableWithValue(Engine e) {
    return new ForwardingEngine(e) {
      @Override
      public Future<?> submit(Runnable task) {
        return inner.submit(task, "done");
      }
    };
  }

  private static Engine forgetResult(Engine e) {
    return new ForwardingEngine(e) {
      @Override
      public <T> Future<T> submit(Runnable task, T result) {
        return inner.submit(task, null);
      }
    };
  }

  private static Engine dropCommands(Engine e) {
    return new ForwardingEngine(e) {
      @Override
      public void execute(Runnable command) {}
    };
  }

  private static Engine runTwice(Engine e) {
    return new ForwardingEngine(e) {
      @Override
      public Future<?> submit(Runnable task) {
        return inner.submit(() -> {
          task.run();
          task.run();
        });
      }
    };
  }

  private static Engine tireOfFailures(Engine e) {
    var failures = new AtomicInteger();
    return new ForwardingEngine(e) {
      @Override
      public <T> Future<T> submit(Callable<T> task) {
        if (failures.get() > 5) throw new RejectedExecutionException("tired");
        return inner.submit(() -> {
          try {
            return task.call();
          } catch (Throwable t) {
            failures.incrementAndGet();
            throw t;
          }
        });
      }
    };
  }

  private static Engine runHere(Engine e) {
    return new ForwardingEngine(e) {
      @Override
      public <T> Future<T> submit(Callable<T> task) {
        var future = new FutureTask<T>(task);
        future.run();
        return future;
      }
    };
  }

  private static Engine passInterruptsOn(Engine e) {
    return new ForwardingEngine(e) {
      private volatile boolean left;

      @Override
      public Future<?> submit(Runnable task) {
        return inner.submit(() -> {
          task.run();
          left = Thread.currentThread().isInterrupted();
        });
      }

      @Override
      public <T> Future<T> submit(Callable<T> task) {
        return inner.submit(() -> {
          if (left) Thread.currentThread().interrupt();
          return task.call();
        });
      }
    };
  }

  private static Engine acceptNull(Engine e) {
    return new ForwardingEngine(e) {
      @Override
      public void execute(Runnable command) {
        if (command != null) inner.execute(command);
      }

      @Override
      public <T> Future<T> submit(Callable<T> task) {
        return task == null ? CompletableFuture.completedFuture(null) : inner.submit(task);
      }

      @Override
      public <T> Future<T> submit(Runnable task, T result) {
        return task == null
            ? CompletableFuture.completedFuture(result)
            : inner.submit(task, result);
      }

      @Override
      public Future<?> submit(Runnable task) {
        return task == null ? CompletableFuture.completedFuture(null) : inner.submit(task);
      }
    };
  }
}
