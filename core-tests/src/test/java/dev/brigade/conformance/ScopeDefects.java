package dev.brigade.conformance;

import static dev.brigade.conformance.Launches.deaf;
import static dev.brigade.conformance.Launches.handing;
import static dev.brigade.conformance.Launches.launching;
import static dev.brigade.conformance.Launches.reporting;
import static dev.brigade.conformance.Launches.tooEarly;

import dev.brigade.engine.Engine;
import dev.brigade.engine.Job;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/** Engines on which scopes cannot keep their promises. */
final class ScopeDefects {
  private ScopeDefects() {}

  static void addTo(Defects defects) {
    defects
        .virtual("a scope returns when its tasks have ended", tooEarly())
        .virtual("join gives the value", reporting((job, v) -> job.succeed("?"), Job::fail))
        .virtual("a failure cancels the siblings and waits for them", deaf())
        .virtual(
            "an Error ends a scope as an exception does",
            reporting(Job::succeed, (job, t) -> job.succeed(null)))
        .virtual(
            "a supervised scope keeps failures with their tasks",
            reporting(Job::succeed, (job, t) -> job.succeed(null)))
        .virtual("a body that fails cancels its tasks and waits for them", deaf())
        .virtual("an interrupt of the caller cancels the tasks and waits for them", deaf())
        .elsewhere("later failures are suppressed in the first", ScopeDefects::firstFailureOnly)
        .virtual("a cancellation carries its reason", deaf())
        .virtual("a deadline strikes the tasks and waits for them", deaf())
        .elsewhere(
            "a value returned in spite of a cancellation stays a value",
            handing(Launches::losingLateValues))
        .pool("a queued task that is cancelled never runs", launching(JobDefects::startAnyhow))
        .virtual("a daemon ends with the body", deaf())
        .virtual("what is written before a fork and in a task is seen after it", tooEarly())
        .virtual(
            "a task does not inherit the thread-locals of the caller",
            launching((e, job) -> new Thread(job).start()))
        .virtual("registered scoped values are bound in tasks", Launches::pretendingElsewhere)
        .virtual("nested scopes never dead-lock", ScopeDefects::withoutHelp)
        .add(
            "a task that waits for its own tasks runs nothing else meanwhile",
            2,
            MixingEngine::new,
            e -> e);
  }

  private static Engine firstFailureOnly(Engine e) {
    var failed = new AtomicBoolean();
    return new ForwardingEngine(e) {
      @Override
      public void launch(Job job) {
        inner.launch(
            new ForwardingJob(job) {
              @Override
              public void fail(Throwable failure) {
                if (failed.getAndSet(true)) inner.succeed(null);
                else inner.fail(failure);
              }
            });
      }
    };
  }

  /** Two threads that nobody compensates and that help nobody. */
  private static Engine withoutHelp(Engine e) {
    ExecutorService threads =
        Executors.newFixedThreadPool(2, Thread.ofPlatform().daemon().factory());
    return new ForwardingEngine(e) {
      @Override
      public void launch(Job job) {
        threads.execute(job);
      }
    };
  }
}
