package dev.brigade.task;

import static dev.brigade.models.Models.expect;

import dev.brigade.engine.Batch;
import dev.brigade.models.HoldingEngine;
import dev.brigade.models.ModelTime;
import dev.brigade.models.Models;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The real reports on a batch, in the interleavings of those who report, lose and cancel it. */
@Tag("interleavings")
class BatchModelTest {
  /** Claiming and telling, as whoever reports does it. */
  @Param(name = "item", gen = IntGen.class, conf = "0:2")
  public static class Operations {
    private final BatchReports reports = new BatchReports(3);

    /** One item; 0 if it was reported before, 1 if it was told, 2 if that was the end. */
    @Operation
    public int report(@Param(name = "item") int item) {
      if (!reports.claim(item)) return 0;
      return reports.told(1) ? 2 : 1;
    }

    /** All that is left; how many those were, and 10 more if that was the end. */
    @Operation
    public int rest() {
      int n = Long.bitCount(reports.claimWord(0));
      return n > 0 && reports.told(n) ? n + 10 : n;
    }
  }

  @Test
  void eachItemIsClaimedOnceAndTheEndIsSeenOnce() {
    // Claiming and telling are two steps, so calls are not atomic, and only the sums are promised.
    Models.check(() -> {
      var reports = new BatchReports(3);
      var claimed = new AtomicInteger();
      var ends = new AtomicInteger();
      Thread one = new Thread(() -> reportOne(reports, 0, claimed, ends));
      Thread other = new Thread(() -> reportOne(reports, 0, claimed, ends));
      one.start();
      other.start();
      int rest = Long.bitCount(reports.claimWord(0));
      claimed.addAndGet(rest);
      if (rest > 0 && reports.told(rest)) ends.incrementAndGet();
      one.join();
      other.join();
      expect(claimed.get() == 3, "claimed " + claimed);
      expect(ends.get() == 1, "ended " + ends);
      expect(reports.isOver(), "not over");
    });
  }

  private static void reportOne(
      BatchReports reports, int item, AtomicInteger claimed, AtomicInteger ends) {
    if (!reports.claim(item)) return;
    claimed.incrementAndGet();
    if (reports.told(1)) ends.incrementAndGet();
  }

  /** Counts what is told, and complains about what is told after the end. */
  private static final class Counting implements BatchOwner<Integer, Integer> {
    final TaskScope scope;
    final BatchSizes sizes = new BatchSizes();
    final AtomicIntegerArray told = new AtomicIntegerArray(2);
    final AtomicInteger succeeded = new AtomicInteger();
    final AtomicInteger ends = new AtomicInteger();
    volatile boolean closed;

    Counting(TaskScope scope) {
      this.scope = scope;
    }

    private void tell(int item) {
      expect(!closed, "an item was told after its scope had closed");
      expect(ends.get() == 0 || told.get(item) == 0, "an item was told after the batch");
      told.getAndIncrement(item);
    }

    @Override
    public TaskScope scope() {
      return scope;
    }

    @Override
    public Fn<Integer, Integer, RuntimeException> f() {
      return i -> i;
    }

    @Override
    public BatchSizes sizes() {
      return sizes;
    }

    @Override
    public int wanted() {
      return 1;
    }

    @Override
    public boolean stopsAtFailure() {
      return true;
    }

    @Override
    public void succeeded(BatchTask<Integer, Integer> batch, int item, Integer value) {
      succeeded.getAndIncrement();
      tell(item);
    }

    @Override
    public boolean failed(BatchTask<Integer, Integer> batch, int item, Throwable thrown) {
      tell(item);
      return true;
    }

    @Override
    public void cancelled(
        BatchTask<Integer, Integer> batch, int item, CancelReason reason, Throwable thrown) {
      tell(item);
    }

    @Override
    public void again(BatchTask<Integer, Integer> rest) {
      throw new AssertionError("nothing was left over");
    }

    @Override
    public void ended(BatchTask<Integer, Integer> batch) {
      ends.getAndIncrement();
    }
  }

  private interface Reports {
    void on(Batch batch);
  }

  /** Two threads report on a batch of two while its scope waits; each item is told once. */
  private static void check(Reports one, Reports other, boolean cancels) {
    Models.check(() -> {
      var engine = new HoldingEngine();
      TaskScope scope =
          TaskScope.open(
              FanOut.DEFAULT.on(engine).time(new ModelTime()).choices(), TaskScope.Mode.TOLD);
      if (cancels) scope.monitor().thread = Models.victim();
      var owner = new Counting(scope);
      scope.fork(new BatchTask<>(owner, 0, new Object[] {1, 2}, 0, 2));
      var batch = (Batch) engine.held();
      Thread first = new Thread(() -> one.on(batch));
      Thread second = new Thread(() -> other.on(batch));
      Thread canceller = new Thread(() -> scope.cancel("the model"));
      first.start();
      second.start();
      if (cancels) canceller.start();
      Throwable unused = scope.close(null);
      owner.closed = true;
      first.join();
      second.join();
      if (cancels) canceller.join();
      for (int i = 0; i < 2; i++)
        expect(owner.told.get(i) == 1, "item " + i + " was told " + owner.told.get(i) + " times");
      expect(owner.ends.get() == 1, "the batch ended " + owner.ends + " times");
    });
  }

  private static void both(Batch b) {
    b.succeed(0, 1);
    b.succeed(1, 2);
  }

  private static void startAndLose(Batch b) {
    if (b.tryStart()) b.fail(new InterruptedException("lost"));
    else b.fail(new InterruptedException("not started"));
  }

  @Test
  void reportsOfItemsMeetTheLossOfTheRest() {
    check(BatchModelTest::both, b -> b.fail(new InterruptedException("lost")), false);
  }

  @Test
  void reportsOfItemsMeetOneAnother() {
    check(BatchModelTest::both, BatchModelTest::both, false);
  }

  @Test
  void aCancellationMeetsTheStart() {
    check(BatchModelTest::startAndLose, BatchModelTest::both, true);
  }

  @Test
  void oneAfterTheOtherTheReportsAreThoseOfASet() {
    new ModelCheckingOptions()
        .iterations(Models.interleavings() < 1_000 ? 3 : 50)
        .invocationsPerIteration(Models.interleavings())
        .threads(1)
        .actorsPerThread(5)
        .sequentialSpecification(Sequential.class)
        .check(Operations.class);
  }

  /** The same with a plain array. */
  public static class Sequential {
    private final boolean[] reported = new boolean[3];
    private int left = 3;

    /** See the operations. */
    public int report(int item) {
      if (reported[item]) return 0;
      reported[item] = true;
      return --left == 0 ? 2 : 1;
    }

    /** See the operations. */
    public int rest() {
      int n = left;
      for (int i = 0; i < 3; i++) reported[i] = true;
      left = 0;
      return n > 0 ? n + 10 : 0;
    }
  }
}
