package dev.brigade.examples;

import dev.brigade.task.Outcome;
import dev.brigade.task.Tasks;
import dev.brigade.task.Work;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** JavaScript's {@code Promise.all}, {@code allSettled}, {@code race} and {@code any}. */
final class PromiseFamily {
  private PromiseFamily() {}

  static void main() throws Exception {
    Examples.runHere("promise-family");
  }

  /** One that succeeds, one that fails, and one that answers only if it is allowed to. */
  private static final class Branches {
    final CountDownLatch never = new CountDownLatch(1);
    final CountDownLatch begun = new CountDownLatch(1);
    final AtomicInteger cancelled = new AtomicInteger();

    Work<String, IOException> value(String value) {
      return () -> {
        begun.await();
        return value;
      };
    }

    Work<String, IOException> failure(String message) {
      return () -> {
        begun.await();
        throw new IOException(message);
      };
    }

    Work<String, IOException> slow() {
      return () -> {
        begun.countDown(); // The others end only now, so it is certain that this one is cut short.
        try {
          never.await();
          return "too late";
        } catch (InterruptedException e) {
          cancelled.incrementAndGet();
          throw e;
        }
      };
    }
  }

  /** One member of the family, applied to three branches. */
  interface Member {
    String of(List<Work<String, IOException>> branches) throws IOException, InterruptedException;
  }

  static void show(Report report) throws Exception {
    var b = new Branches();
    b.begun.countDown();
    report.equal("all", List.of("a", "b"), Tasks.all(List.of(b.value("a"), b.value("b"))));
    List<Outcome<String>> settled = Tasks.settle(List.of(b.value("a"), b.failure("x")));
    report.equal(
        "allSettled", List.of("a", "threw x"), settled.stream().map(o -> text(o)).toList());
    report.equal("any, a failure and a success", "a", Tasks.any(b.failure("x"), b.value("a")));
    check(report, "all, one fails", "threw x", false, w -> Tasks.all(w).toString());
    check(report, "race, a success first", "a", true, Tasks::race);
    check(report, "race, a failure first", "threw x", false, Tasks::race);
    check(report, "any, a success", "a", true, Tasks::any);
  }

  static void check(Report report, String what, String claimed, boolean success, Member member)
      throws InterruptedException {
    var b = new Branches();
    String result;
    try {
      result = member.of(List.of(b.slow(), success ? b.value("a") : b.failure("x")));
    } catch (IOException e) {
      result = "threw " + e.getMessage();
    }
    report.equal(what, claimed, result);
    // JavaScript leaves the losers running. Here they have been cancelled, and have ended.
    report.equal(what + ": losers cancelled", 1, b.cancelled.get());
  }

  private static String text(Outcome<String> outcome) {
    Throwable failure = outcome.failureOrNull();
    return failure == null ? outcome.orThrow() : "threw " + failure.getMessage();
  }
}
