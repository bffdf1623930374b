package dev.brigade.examples;

import dev.brigade.task.Guarded;
import dev.brigade.task.Tasks;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Four tasks that count to 100 000 each, with and without a lock. (Python: {@code Lock}.) */
final class CounterLock {
  private static final int TASKS = 4;
  private static final int EACH = 100_000;

  private CounterLock() {}

  static void main() throws Exception {
    Examples.runHere("counter-lock");
  }

  private static final class Counter {
    int value;
  }

  static int withLock() throws InterruptedException {
    // The counter can be reached through its lock only: nobody can forget to take it.
    var counter = new Guarded<>(new Counter());
    Tasks.runScope(s -> {
      for (int t = 0; t < TASKS; t++)
        s.run(() -> {
          for (int i = 0; i < EACH; i++) counter.run(c -> c.value++);
        });
    });
    return counter.call(c -> c.value);
  }

  /** For a mere count the JDK has what is faster than any lock. */
  static int withAdder() throws InterruptedException {
    var counter = new LongAdder();
    Tasks.runScope(s -> {
      for (int t = 0; t < TASKS; t++)
        s.run(() -> {
          for (int i = 0; i < EACH; i++) counter.increment();
        });
    });
    return counter.intValue();
  }

  /** The race, made to happen: both read before either writes. */
  static int twoIncrementsWithoutLock(Meeting betweenReadAndWrite) throws InterruptedException {
    var counter = new AtomicInteger(); // atomic reads and writes don't make their pair atomic
    Tasks.runScope(s -> {
      for (int t = 0; t < 2; t++)
        s.run(() -> {
          int read = counter.get();
          betweenReadAndWrite.arrive();
          counter.set(read + 1);
        });
    });
    return counter.get();
  }

  static void show(Report report) throws Exception {
    report.equal("two increments without a lock", 1, twoIncrementsWithoutLock(Meeting.of(2)));
    check(report, "with a lock", withLock());
    check(report, "with a LongAdder", withAdder());
  }

  static void check(Report report, String how, int count) {
    report.equal("4 x 100 000 " + how, TASKS * EACH, count);
  }
}
