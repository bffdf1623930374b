package dev.brigade.conformance;

import dev.brigade.engine.Engine;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/** Engines that break the rules of invokeAll and invokeAny. */
final class BulkDefects {
  private BulkDefects() {}

  @FunctionalInterface
  private interface All {
    <T> List<Future<T>> invoke(Engine e, Collection<? extends Callable<T>> tasks)
        throws InterruptedException;
  }

  @FunctionalInterface
  private interface Any {
    <T> T invoke(Engine e, Collection<? extends Callable<T>> tasks)
        throws InterruptedException, ExecutionException, TimeoutException;
  }

  /** Both forms of invokeAll by this, without a time. */
  private static UnaryOperator<Engine> all(All all) {
    return e ->
        new ForwardingEngine(e) {
          @Override
          public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks)
              throws InterruptedException {
            return all.invoke(inner, tasks);
          }

          @Override
          public <T> List<Future<T>> invokeAll(
              Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
              throws InterruptedException {
            return all.invoke(inner, tasks);
          }
        };
  }

  /** Both forms of invokeAny by this. */
  private static UnaryOperator<Engine> any(Any any) {
    return e ->
        new ForwardingEngine(e) {
          @Override
          public <T> T invokeAny(Collection<? extends Callable<T>> tasks)
              throws InterruptedException, ExecutionException {
            try {
              return any.invoke(inner, tasks);
            } catch (TimeoutException impossible) {
              throw new IllegalStateException(impossible);
            }
          }

          @Override
          public <T> T invokeAny(
              Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
              throws InterruptedException, ExecutionException, TimeoutException {
            return any.invoke(inner, tasks);
          }
        };
  }

  static void addTo(Defects defects) {
    defects
        .virtual(
            "invokeAll gives the futures in the order of the tasks", all(BulkDefects::reversed))
        .virtual("timed invokeAll gives all when there is time", all(BulkDefects::noTime))
        .virtual("invokeAll of nothing gives nothing", all(BulkDefects::needsTasks))
        .virtual("invokeAll leaves failures in their futures", all(BulkDefects::throwsFailures))
        .virtual("invokeAll returns when all are done", all(BulkDefects::onlySubmits))
        .virtual(
            "invokeAll cancels what its time does not suffice for", all(BulkDefects::onlySubmits))
        .virtual("an interrupted invokeAll cancels its tasks", all(BulkDefects::leavesTasks))
        .virtual("invokeAll refuses null", all(BulkDefects::nullIsNothing))
        .virtual("invokeAll refuses a null task", all(BulkDefects::skipsNulls))
        .virtual("invokeAny gives a value", any(BulkDefects::forgets))
        .virtual("timed invokeAny gives a value when there is time", any(BulkDefects::timesOut))
        .virtual("invokeAny passes over failures", any(BulkDefects::triesTheFirst))
        .virtual("invokeAny fails when all fail", any(BulkDefects::nullWhenAllFail))
        .virtual("invokeAny cancels the losers", any(BulkDefects::leavesLosers))
        .virtual("invokeAny gives up when its time has passed", any(BulkDefects::forgets))
        .virtual(
            "invokeAny cancels its tasks when its time has passed", any(BulkDefects::leavesAll))
        .virtual("invokeAny refuses an empty collection", any(BulkDefects::forgets))
        .virtual("invokeAny refuses null", any(BulkDefects::forgets))
        .virtual("invokeAny refuses a null task", any(BulkDefects::anySkipsNulls));
  }

  private static <T> List<Future<T>> reversed(Engine e, Collection<? extends Callable<T>> tasks)
      throws InterruptedException {
    return e.invokeAll(tasks).reversed();
  }

  private static <T> List<Future<T>> noTime(Engine e, Collection<? extends Callable<T>> tasks)
      throws InterruptedException {
    return e.invokeAll(tasks, -1, TimeUnit.SECONDS);
  }

  private static <T> List<Future<T>> needsTasks(Engine e, Collection<? extends Callable<T>> tasks)
      throws InterruptedException {
    if (tasks.isEmpty()) throw new IllegalArgumentException("no tasks");
    return e.invokeAll(tasks);
  }

  private static <T> List<Future<T>> throwsFailures(
      Engine e, Collection<? extends Callable<T>> tasks) throws InterruptedException {
    List<Future<T>> all = e.invokeAll(tasks);
    for (Future<T> f : all) f.resultNow();
    return all;
  }

  private static <T> List<Future<T>> onlySubmits(
      Engine e, Collection<? extends Callable<T>> tasks) {
    List<Future<T>> all = new ArrayList<>();
    for (Callable<T> task : tasks)
      all.add(
          e.submit(() -> {
            Thread.sleep(20);
            return task.call();
          }));
    return all;
  }

  private static <T> List<Future<T>> leavesTasks(Engine e, Collection<? extends Callable<T>> tasks)
      throws InterruptedException {
    List<Future<T>> all = new ArrayList<>();
    for (Callable<T> task : tasks) all.add(e.submit(task));
    for (Future<T> f : all) {
      try {
        f.get();
      } catch (ExecutionException failed) {
        continue;
      }
    }
    return all;
  }

  private static <T> List<Future<T>> nullIsNothing(
      Engine e, Collection<? extends Callable<T>> tasks) throws InterruptedException {
    return tasks == null ? List.of() : e.invokeAll(tasks);
  }

  private static <T> List<Future<T>> skipsNulls(Engine e, Collection<? extends Callable<T>> tasks)
      throws InterruptedException {
    return e.invokeAll(tasks.stream().filter(Objects::nonNull).toList());
  }

  private static <T> T forgets(Engine e, Collection<? extends Callable<T>> tasks) {
    return null;
  }

  private static <T> T timesOut(Engine e, Collection<? extends Callable<T>> tasks)
      throws TimeoutException {
    throw new TimeoutException();
  }

  private static <T> T leavesAll(Engine e, Collection<? extends Callable<T>> tasks)
      throws InterruptedException, TimeoutException {
    List<Future<T>> all = new ArrayList<>();
    for (Callable<T> task : tasks) all.add(e.submit(task));
    // Long enough for them to begin; ours is not the engine that must be fast.
    Thread.sleep(200);
    throw new TimeoutException(all.size() + " left");
  }

  private static <T> T triesTheFirst(Engine e, Collection<? extends Callable<T>> tasks)
      throws InterruptedException, ExecutionException {
    return e.submit(tasks.iterator().next()).get();
  }

  private static <T> T nullWhenAllFail(Engine e, Collection<? extends Callable<T>> tasks)
      throws InterruptedException {
    try {
      return e.invokeAny(tasks);
    } catch (ExecutionException failed) {
      return null;
    }
  }

  private static <T> T leavesLosers(Engine e, Collection<? extends Callable<T>> tasks)
      throws InterruptedException, ExecutionException {
    var completed = new ExecutorCompletionService<T>(e);
    for (Callable<T> task : tasks) completed.submit(task);
    return completed.take().get();
  }

  private static <T> T anySkipsNulls(Engine e, Collection<? extends Callable<T>> tasks)
      throws InterruptedException, ExecutionException {
    return e.invokeAny(tasks.stream().filter(Objects::nonNull).toList());
  }
}
