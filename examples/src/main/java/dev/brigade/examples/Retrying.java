package dev.brigade.examples;

import dev.brigade.policy.Backoff;
import dev.brigade.policy.Retry;
import dev.brigade.task.Work;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Exponential back-off. (JavaScript: a loop around {@code fetch} with a timer.) */
final class Retrying {
  private static final Duration UNIT = Duration.ofSeconds(1);

  private Retrying() {}

  static void main() throws Exception {
    Examples.runHere("retry");
  }

  static String fetchWithRetry(JumpingClock clock, Work<String, IOException> fetch)
      throws IOException, InterruptedException {
    // Outside of an example leave the jitter in: it keeps callers that failed together apart.
    Backoff doubling = Backoff.exponential(UNIT, UNIT.multipliedBy(60)).withoutJitter();
    return Retry.attempts(4).withBackoff(doubling).withTime(clock).call(fetch);
  }

  /** The guide's own: of four failures three are lost, and so is an interrupt. */
  static String byHand(JumpingClock clock, Work<String, IOException> fetch) throws Exception {
    for (int i = 0; ; i++) {
      try {
        return fetch.call();
      } catch (Exception e) {
        if (i == 3) throw e;
        clock.sleep(UNIT.multipliedBy((long) Math.pow(2, i)));
      }
    }
  }

  /** One of the ways of trying again. */
  interface Way {
    String fetch(JumpingClock clock, Work<String, IOException> fetch) throws Exception;
  }

  static void show(Report report) throws Exception {
    check(report, Retrying::fetchWithRetry);
  }

  static void check(Report report, Way way) throws Exception {
    var clock = new JumpingClock();
    var failures = new ArrayList<IOException>();
    Throwable last = null;
    try {
      way.fetch(clock, () -> fail(failures, "down"));
    } catch (IOException e) {
      last = e;
    }
    report.equal("waits in units, always down", List.of(1L, 2L, 4L), clock.waits());
    report.equal("attempts", 4, failures.size());
    report.equal("thrown, the last failure itself", true, last == failures.getLast());
    var earlier = last == null ? List.of() : Stream.of(last.getSuppressed()).toList();
    report.equal("earlier failures kept with it", 3, earlier.size());

    var restored = new JumpingClock();
    var before = new ArrayList<IOException>();
    String text =
        way.fetch(restored, () -> before.size() < 2 ? fail(before, "still down") : "up again");
    report.equal("down twice", "up again", text);
    report.equal("waits in units, down twice", List.of(1L, 2L), restored.waits());

    var calls = new int[1];
    try {
      way.fetch(
          new JumpingClock(),
          () -> {
            calls[0]++;
            throw new InterruptedException("told to stop");
          });
    } catch (InterruptedException e) {
      report.equal("attempts when told to stop", 1, calls[0]);
    }
  }

  private static String fail(List<IOException> failures, String message) throws IOException {
    var failure = new IOException(message);
    failures.add(failure);
    throw failure;
  }
}
