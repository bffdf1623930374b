package dev.brigade.task;

import static dev.brigade.models.Models.expect;

import dev.brigade.engine.Batch;
import dev.brigade.models.HoldingEngine;
import dev.brigade.models.ModelTime;
import dev.brigade.models.Models;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The real reports on a batch, in the interleavings of those who report, lose and cancel it. */
@Tag("interleavings")
class BatchModelTest {
  @Test
  void eachItemIsClaimedOnceAndTheEndIsSeenOnce() {
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

  @Test
  void neighboursAreClaimedOnceWhoeverElseClaimsThem() {
    Models.check(() -> {
      var reports = new BatchReports(3);
      var claimed = new AtomicInteger();
      var ends = new AtomicInteger();
      Thread one = new Thread(() -> reportSome(reports, 0b011, claimed, ends));
      Thread other = new Thread(() -> reportOne(reports, 1, claimed, ends));
      one.start();
      other.start();
      reportSome(reports, 0b110, claimed, ends);
      one.join();
      other.join();
      expect(claimed.get() == 3, "claimed " + claimed);
      expect(ends.get() == 1, "ended " + ends);
      expect(reports.isOver(), "not over");
    });
  }

  private static void reportSome(
      BatchReports reports, long wanted, AtomicInteger claimed, AtomicInteger ends) {
    int mine = Long.bitCount(reports.claimWord(0, wanted));
    claimed.addAndGet(mine);
    if (mine > 0 && reports.told(mine)) ends.incrementAndGet();
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
      return false;
    }

    @Override
    public void succeeded(BatchTask<Integer, Integer> batch, int item, Integer value) {
      succeeded.getAndIncrement();
      tell(item);
    }

    @Override
    public boolean failed(BatchTask<Integer, Integer> batch, int item, Throwable thrown) {
      tell(item);
      return false;
    }

    @Override
    public void cancelled(
        BatchTask<Integer, Integer> batch, int item, CancelReason reason, Throwable thrown) {
      tell(item);
    }

    @Override
    public void fork(BatchTask<Integer, Integer> batch) {
      scope.fork(batch, scope.engine);
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

  /** One for all: what dead ones leave behind would be the next interleavings' business. */
  private static final InterruptedException LOST = new InterruptedException("lost");

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
      owner.fork(new BatchTask<>(owner, 0, new Object[] {1, 2}, 0, 2));
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
    boolean unused = b.tryStart();
    b.fail(LOST);
  }

  @Test
  void reportsOfItemsMeetTheLossOfTheRest() {
    check(BatchModelTest::both, b -> b.fail(LOST), false);
  }

  @Test
  void reportsOfItemsMeetOneAnother() {
    check(BatchModelTest::both, BatchModelTest::both, false);
  }

  @Test
  void aCancellationMeetsTheStart() {
    check(BatchModelTest::startAndLose, BatchModelTest::both, true);
  }
}
