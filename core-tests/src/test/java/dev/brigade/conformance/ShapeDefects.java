package dev.brigade.conformance;

import static dev.brigade.conformance.Launches.handing;
import static dev.brigade.conformance.Launches.tooEarly;

import dev.brigade.engine.Engine;
import dev.brigade.engine.Job;
import java.io.IOException;
import java.io.Serializable;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Engines on which shapes cannot keep their promises, and engines that let everything travel. */
final class ShapeDefects {
  private ShapeDefects() {}

  static void addTo(Defects defects) {
    defects
        .elsewhere(
            "map gives the results in the order of the items", handing(j -> Launches.saying(j, 0)))
        .elsewhere("map applies the function once to each item", handing(ShapeDefects::twice))
        .elsewhere("map throws the item's own exception", handing(Launches::wrappingFailures))
        .elsewhere("map fails at once, not behind a slow item", handing(Launches::notToBeCancelled))
        .virtual("map runs at most the limit at once", ShapeDefects::tooEarlyElsewhere)
        .virtual("map pulls its input as it goes", ShapeDefects::tooEarlyElsewhere)
        .elsewhere(
            "an item's interrupt does not reach the next item", handing(ShapeDefects::interrupted))
        .elsewhere("settle gives every outcome in order", handing(Launches::hidingFailures))
        .elsewhere("any gives the first success", handing(Launches::failing))
        .elsewhere("any cancels the losers and waits for them", handing(Launches::notToBeCancelled))
        .elsewhere("any fails with all failures when all fail", handing(Launches::wrappingFailures))
        .elsewhere(
            "race gives the first that settles, a failure too", handing(Launches::notToBeCancelled))
        .elsewhere("a race of Errors ends", handing(Launches::wrappingFailures))
        .elsewhere("quorum gives as many successes as asked for", handing(Launches::failing))
        .elsewhere("quorum fails when too many fail", handing(Launches::hidingFailures))
        .add("asCompleted gives outcomes as they come", 2, () -> Engine.openThreads(1), e -> e)
        .elsewhere(
            "asCompleted cancels what is left when it is closed",
            handing(Launches::notToBeCancelled))
        .elsewhere(
            "inOrder gives outcomes in the order of the items", handing(j -> Launches.saying(j, 0)))
        .elsewhere(
            "mapReduce combines in the order of the items", handing(j -> Launches.saying(j, "?")))
        .virtual("what a task changes is not changed here", Launches::pretendingElsewhere)
        .elsewhere("an exception is an equivalent copy", ShapeDefects::messagesOnly)
        .virtual(
            "an exception that can't travel comes as its text and trace",
            Launches::pretendingElsewhere)
        .virtual(
            "a callable that can't travel is rejected at submission, by class and field",
            Launches::pretendingElsewhere)
        .virtual(
            "a runnable that can't travel is rejected at submission, by class",
            Launches::pretendingElsewhere)
        .virtual(
            "a fork of what can't travel is rejected, by class and field",
            Launches::pretendingElsewhere)
        .virtual(
            "a result that can't travel fails its task, by class", Launches::pretendingElsewhere)
        .virtual("an item of a map travels with its function", Launches::pretendingElsewhere);
  }

  private static Engine tooEarlyElsewhere(Engine e) {
    return tooEarly().apply(Launches.pretendingElsewhere(e));
  }

  private record Twice(Callable<?> work) implements Callable<Object>, Serializable {
    @Override
    public Object call() throws Exception {
      work.call();
      return work.call();
    }
  }

  private static Job twice(Job job) {
    return new ForwardingJob(job) {
      @Override
      public Callable<?> work() {
        return new Twice(inner.work());
      }
    };
  }

  private record Interrupted(Callable<?> work) implements Callable<Object>, Serializable {
    @Override
    public Object call() throws Exception {
      Thread.currentThread().interrupt();
      return work.call();
    }
  }

  private static Job interrupted(Job job) {
    return new ForwardingJob(job) {
      @Override
      public Callable<?> work() {
        return new Interrupted(inner.work());
      }
    };
  }

  private static Engine messagesOnly(Engine e) {
    return new ForwardingEngine(e) {
      @Override
      public <T> Future<T> submit(Callable<T> task) {
        return new ForwardingFuture<>(inner.submit(task)) {
          @Override
          public T get() throws InterruptedException, ExecutionException {
            try {
              return inner.get();
            } catch (ExecutionException failed) {
              throw new ExecutionException(new IOException(failed.getCause().getMessage()));
            }
          }
        };
      }
    };
  }
}
