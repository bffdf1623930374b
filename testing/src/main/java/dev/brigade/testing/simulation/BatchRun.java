package dev.brigade.testing.simulation;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One batch under one {@link Pacer}, simulated on the current thread: as many tasks in flight as it
 * says, until all are done. About a quarter of a microsecond a task.
 *
 * {@snippet :
 * BatchRun.Result r = BatchRun.of(scenario, Pacer.fixed(20), 1);
 * }
 */
public final class BatchRun {
  /** A run with so many rejections for each task is not going to end. */
  private static final int HOPELESS = 5;

  private final Scenario scenario;
  private final Pacer pacer;
  private final SimulatedServer server;
  private final TimeHeap answers = new TimeHeap();
  private @Nullable Object[] started = new @Nullable Object[256];
  private boolean[] good = new boolean[256];
  private int[] unused = new int[256];
  private int unusedCount;
  private long[] timeAt = new long[256];
  private long now;
  private int inFlight;
  private int done;
  private long rejected;
  private long halfNanos;

  private BatchRun(Scenario scenario, Pacer pacer, long seed) {
    this.scenario = scenario;
    this.pacer = pacer;
    this.server = new SimulatedServer(scenario.server(), seed);
    for (int i = 0; i < unused.length; i++) unused[unusedCount++] = i;
  }

  /**
   * How a batch went. One with more than five rejections a task is given up: its goodput is 0.
   *
   * @param goodput tasks in a second, over all
   * @param secondHalfGoodput tasks in a second, of the second half of the tasks
   * @param medianInFlight half of the time of the second half, at most so many were in flight
   * @param rejectedShare rejections and timeouts, as a share of all answers
   */
  public record Result(
      double goodput, double secondHalfGoodput, int medianInFlight, double rejectedShare) {}

  /** Runs a batch; the same arguments give the same result. */
  public static Result of(Scenario scenario, Pacer pacer, long seed) {
    return new BatchRun(scenario, pacer, seed).run();
  }

  private Result run() {
    int tasks = scenario.tasks();
    while (done < tasks && rejected < (long) HOPELESS * tasks) {
      int limit = Math.max(1, pacer.limit());
      while (inFlight < limit && done + inFlight < tasks) send();
      receive();
    }
    double rejectedShare = (double) rejected / (rejected + done);
    if (done < tasks) return new Result(0, 0, median(), rejectedShare);
    double secondHalf = (tasks - tasks / 2) * 1e9 / (now - halfNanos);
    return new Result(tasks * 1e9 / now, secondHalf, median(), rejectedShare);
  }

  private void send() {
    if (unusedCount == 0) grow();
    int id = unused[--unusedCount];
    var reply = server.admit(now);
    long patience =
        now > Long.MAX_VALUE - scenario.timeoutNanos()
            ? Long.MAX_VALUE
            : now + scenario.timeoutNanos();
    good[id] = reply.good() && reply.atNanos() <= patience;
    answers.add(Math.min(patience, reply.atNanos()), id);
    inFlight++;
    started[id] = pacer.started(now, inFlight);
  }

  private void receive() {
    long at = answers.least();
    int id = answers.poll();
    if (inFlight >= timeAt.length) timeAt = Arrays.copyOf(timeAt, inFlight * 2);
    if (done + inFlight < scenario.tasks()) timeAt[inFlight] += at - now;
    now = at;
    pacer.ended(started[id], now, good[id]);
    inFlight--;
    unused[unusedCount++] = id;
    if (!good[id]) rejected++;
    else if (++done == scenario.tasks() / 2) {
      halfNanos = now;
      Arrays.fill(timeAt, 0);
    }
  }

  private void grow() {
    int size = started.length;
    started = Arrays.copyOf(started, size * 2);
    good = Arrays.copyOf(good, size * 2);
    unused = Arrays.copyOf(unused, size * 2);
    for (int i = size; i < size * 2; i++) unused[unusedCount++] = i;
  }

  private int median() {
    long all = 0;
    for (long t : timeAt) all += t;
    long sum = 0;
    int i = 0;
    while (i < timeAt.length - 1 && (sum += timeAt[i]) <= all / 2) i++;
    return i;
  }
}
