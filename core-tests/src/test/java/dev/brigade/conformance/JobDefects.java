package dev.brigade.conformance;

import static dev.brigade.conformance.Launches.handing;
import static dev.brigade.conformance.Launches.launching;
import static dev.brigade.conformance.Launches.reporting;
import static dev.brigade.conformance.Launches.withTraits;

import dev.brigade.engine.Engine;
import dev.brigade.engine.Job;
import dev.brigade.engine.Traits;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;

/** Engines that break the rules of jobs, and engines that lie about themselves. */
final class JobDefects {
  private JobDefects() {}

  static void addTo(Defects defects) {
    defects
        .virtual("a job begins once", launching(JobDefects::launchTwice))
        .virtual("a job is reported once", reporting(JobDefects::reportTwice, Job::fail))
        .virtual("a job's value is reported", reporting((job, v) -> job.succeed(""), Job::fail))
        .virtual(
            "a job's failure is reported", reporting(Job::succeed, (job, t) -> job.succeed("")))
        .virtual("a job's Error is reported", reporting(Job::succeed, JobDefects::hideErrors))
        .virtual("a job that may not start does not run", launching(JobDefects::startAnyhow))
        .virtual("a job does not run on the launching thread", launching((e, job) -> job.run()))
        .virtual("launching does not wait for the job", launching(JobDefects::launchAndWait))
        .virtual(
            "a job launched after shutdown is not touched", launching(JobDefects::failRejected))
        .pool(
            "shutdownNow reports the jobs that never began",
            launching((e, job) -> e.execute(job::run)))
        .elsewhere(
            "a cancelled job is interrupted where it runs", handing(Launches::notToBeCancelled))
        .elsewhere(
            "a cancelled job that ignores its interrupt is ended all the same",
            e -> withTraits(e, JobDefects::killConfirmed))
        .virtual("an engine has a name", e -> withTraits(e, JobDefects::nameless))
        .virtual("an engine says the same of itself each time", JobDefects::fickle)
        .virtual(
            "an engine shares objects with its tasks if and only if it says so",
            Launches::pretendingElsewhere)
        .pool(
            "each task has a thread of its own if the engine says so",
            e -> withTraits(e, JobDefects::threadPerTask))
        .pool(
            "the default width is one that the engine can run",
            e -> withTraits(e, t -> width(t, 1000)));
  }

  private static void launchTwice(Engine e, Job job) {
    e.launch(job);
    e.launch(job);
  }

  private static void reportTwice(Job job, Object value) {
    job.succeed(value);
    job.succeed(value);
  }

  private static void hideErrors(Job job, Throwable t) {
    if (t instanceof Error) job.succeed("");
    else job.fail(t);
  }

  static void startAnyhow(Engine e, Job job) {
    Callable<?> work = job.work();
    e.execute(() -> {
      boolean unused = job.tryStart();
      try {
        job.succeed(work.call());
      } catch (Exception failed) {
        job.fail(failed);
      }
    });
  }

  private static void launchAndWait(Engine e, Job job) {
    try {
      e.submit(job::run).get();
    } catch (InterruptedException | ExecutionException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static void failRejected(Engine e, Job job) {
    try {
      e.launch(job);
    } catch (RejectedExecutionException rejected) {
      if (job.tryStart()) job.fail(rejected);
      throw rejected;
    }
  }

  private static Traits nameless(Traits t) {
    return new Traits(
        " ",
        t.defaultLimit(),
        t.sharesJvm(),
        t.threadPerTask(),
        t.chunked(),
        t.interruptible(),
        t.delivery(),
        t.killConfirmed());
  }

  private static Traits killConfirmed(Traits t) {
    return new Traits(
        t.name(),
        t.defaultLimit(),
        t.sharesJvm(),
        t.threadPerTask(),
        t.chunked(),
        t.interruptible(),
        t.delivery(),
        true);
  }

  private static Traits threadPerTask(Traits t) {
    return new Traits(
        t.name(), t.defaultLimit(), true, true, false, true, t.delivery(), t.killConfirmed());
  }

  private static Traits width(Traits t, int width) {
    return new Traits(
        t.name(),
        width,
        t.sharesJvm(),
        t.threadPerTask(),
        t.chunked(),
        t.interruptible(),
        t.delivery(),
        t.killConfirmed());
  }

  private static Engine fickle(Engine e) {
    return new ForwardingEngine(e) {
      private int asked;

      @Override
      public synchronized Traits traits() {
        return width(inner.traits(), ++asked);
      }
    };
  }
}
