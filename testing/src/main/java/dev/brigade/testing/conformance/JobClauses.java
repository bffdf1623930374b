package dev.brigade.testing.conformance;

import static dev.brigade.testing.conformance.Trial.work;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.brigade.task.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

/** What an engine owes to the jobs that scopes launch on it. */
final class JobClauses {
  private JobClauses() {}

  static List<Clause> clauses() {
    return new Concern("jobs")
        .clause("a job begins once", JobClauses::once)
        .clause("a job is reported once", JobClauses::reportedOnce)
        .clause("a job's value is reported", JobClauses::value)
        .clause("a job's failure is reported", JobClauses::failure)
        .clause("a job's Error is reported", JobClauses::error)
        .clause("a job that may not start does not run", JobClauses::mayNotStart)
        .clause("a job does not run on the launching thread", JobClauses::otherThread)
        .clause("launching does not wait for the job", JobClauses::noWaiting)
        .clause("a job launched after shutdown is not touched", JobClauses::rejected, Need.OWNED)
        .clause(
            "shutdownNow reports the jobs that never began",
            JobClauses::nowReports,
            Need.OWNED,
            Need.BOUNDED)
        .clause(
            "a cancelled job is interrupted where it runs",
            JobClauses::cancelled,
            Need.ELSEWHERE,
            Need.INTERRUPTIBLE)
        .clause(
            "a cancelled job that ignores its interrupt is ended all the same",
            JobClauses::killed,
            Need.KILL_CONFIRMED)
        .clauses();
  }

  private static TestJob launch(Trial t, Work<?, ?> work) {
    var job = new TestJob(work(work), true);
    t.engine().launch(job);
    return job;
  }

  /** Runs others after it, so that a second run or report of the first would come before. */
  private static void settle(Trial t) throws Exception {
    for (int i = 0; i < 20; i++) assertEquals("next", t.submit(() -> "next").get());
  }

  private static String marked(Probe p) {
    p.mark("ran");
    return "value";
  }

  private static void once(Trial t) throws Exception {
    Probe p = t.probe();
    TestJob job = launch(t, () -> marked(p));
    job.ended.await();
    settle(t);
    assertEquals(1, job.starts.get());
    assertEquals(1, p.count("ran"));
  }

  private static void reportedOnce(Trial t) throws Exception {
    TestJob job = launch(t, () -> "value");
    job.ended.await();
    Thread reporter = job.reporter;
    // What is on a thread of its own is over when that has ended, however busy the machine is.
    if (reporter != null && t.engine().traits().threadPerTask()) reporter.join();
    settle(t);
    assertEquals(1, job.reports.get());
  }

  private static void value(Trial t) throws Exception {
    TestJob job = launch(t, () -> "value");
    job.ended.await();
    assertEquals("value", job.value);
  }

  private static String fail() {
    throw new IllegalArgumentException("wrong");
  }

  private static String failHard() {
    throw new AssertionError("not so");
  }

  private static void failure(Trial t) throws Exception {
    TestJob job = launch(t, JobClauses::fail);
    job.ended.await();
    assertInstanceOf(IllegalArgumentException.class, job.failure);
  }

  private static void error(Trial t) throws Exception {
    TestJob job = launch(t, JobClauses::failHard);
    job.ended.await();
    assertInstanceOf(AssertionError.class, job.failure);
  }

  private static void mayNotStart(Trial t) throws Exception {
    Probe p = t.probe();
    var job = new TestJob(work(() -> marked(p)), false);
    t.engine().launch(job);
    while (job.starts.get() == 0) Thread.onSpinWait();
    settle(t);
    assertEquals(0, p.count("ran"));
    assertEquals(0, job.reports.get());
  }

  private static void otherThread(Trial t) throws Exception {
    TestJob job =
        launch(t, () -> ProcessHandle.current().pid() + "/" + Thread.currentThread().threadId());
    job.ended.await();
    assertNotEquals(
        ProcessHandle.current().pid() + "/" + Thread.currentThread().threadId(), job.value);
  }

  private static String hold(Probe p) throws InterruptedException {
    p.mark("began");
    p.passOrMark("go", "interrupted");
    return "value";
  }

  private static void noWaiting(Trial t) throws Exception {
    Probe p = t.probe();
    List<TestJob> jobs = new ArrayList<>();
    for (int i = 0; i < 4; i++) jobs.add(launch(t, () -> hold(p)));
    p.open("go");
    for (TestJob job : jobs) job.ended.await();
    assertEquals(4, p.count("began"));
  }

  private static void rejected(Trial t) {
    Probe p = t.probe();
    t.engine().shutdown();
    var job = new TestJob(work(() -> marked(p)), true);
    assertThrows(RejectedExecutionException.class, () -> t.engine().launch(job));
    assertEquals(0, job.starts.get());
    assertEquals(0, job.reports.get());
  }

  private static void nowReports(Trial t) throws Exception {
    Probe p = t.probe();
    t.fill();
    TestJob job = launch(t, () -> marked(p));
    t.engine().shutdownNow();
    job.ended.await();
    assertNotNull(job.failure);
    assertEquals(0, p.count("ran"));
  }

  private static String ignoreInterrupts(Probe p) {
    p.mark("began");
    p.passThroughInterrupts("never");
    return "value";
  }

  private static void killed(Trial t) throws Exception {
    Probe p = t.probe();
    TestJob job = launch(t, () -> ignoreInterrupts(p));
    p.await("began");
    job.cancel();
    job.ended.await();
    assertNotNull(job.failure);
    assertEquals("next", t.submit(() -> "next").get());
  }

  private static void cancelled(Trial t) throws Exception {
    Probe p = t.probe();
    TestJob job = launch(t, () -> hold(p));
    p.await("began");
    job.cancel();
    p.await("interrupted");
    job.ended.await();
    assertInstanceOf(InterruptedException.class, job.failure);
  }
}
