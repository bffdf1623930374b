package dev.brigade.testing.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.brigade.task.Fn;
import dev.brigade.task.Outcome;
import dev.brigade.task.RemoteFailureException;
import dev.brigade.task.Tasks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;

/** What an engine owes to the batches of items that maps launch on it. */
final class BatchClauses {
  private static final int ITEMS = 50;
  private static final int MIDDLE = 20;

  private BatchClauses() {}

  static List<Clause> clauses() {
    return new Concern("batches")
        .clause("each item of a batch is reported once", BatchClauses::once, Need.BATCHES)
        .clause("each item of a batch is run once", BatchClauses::ranOnce, Need.BATCHES)
        .clause("an item's result is reported as its own", BatchClauses::values, Need.BATCHES)
        .clause(
            "the items of a batch run one after the other", BatchClauses::oneByOne, Need.BATCHES)
        .clause(
            "an item that throws keeps no other from running", BatchClauses::failure, Need.BATCHES)
        .clause(
            "no item begins after one that threw, if that decides",
            BatchClauses::stops,
            Need.BATCHES)
        .clause(
            "an item whose exception or result can't travel keeps no other from running",
            BatchClauses::stuck,
            Need.BATCHES)
        .clause("a batch that may not start does not run", BatchClauses::mayNotStart, Need.BATCHES)
        .clause(
            "a cancelled batch ends and begins no other item",
            BatchClauses::cancelled,
            Need.BATCHES,
            Need.INTERRUPTIBLE)
        .clause(
            "a batch that is cancelled already does not run to its end",
            BatchClauses::cancelledFirst,
            Need.BATCHES)
        .clause(
            "shutdownNow in the middle of a batch ends each of its items once",
            BatchClauses::shutDown,
            Need.BATCHES,
            Need.OWNED)
        .clause(
            "a batch launched after shutdown is not touched",
            BatchClauses::rejected,
            Need.BATCHES,
            Need.OWNED)
        .clause(
            "a batch's cost is told once at most, before its end", BatchClauses::cost, Need.BATCHES)
        .clause("the items of a batch share nothing", BatchClauses::apart, Need.BATCHES)
        .clause("a map of many tiny items keeps their order", BatchClauses::map, Need.BATCHES)
        .clause(
            "a map of many tiny items ends by the first that throws",
            BatchClauses::mapFails,
            Need.BATCHES)
        .clause(
            "settle gives each of many tiny items its outcome", BatchClauses::settle, Need.BATCHES)
        .clauses();
  }

  private static TestBatch launch(Trial t, boolean stops, Fn<Integer, ?, ?> f) {
    var batch = new TestBatch(ITEMS, f, stops, true);
    t.engine().launch(batch);
    return batch;
  }

  /** Others after it, so that a second report on it would come before. */
  private static void settled(Trial t, TestBatch batch) throws Exception {
    batch.ended.await();
    for (int i = 0; i < 20; i++) assertEquals("next", t.submit(() -> "next").get());
    assertEquals(List.of(), batch.complaints());
    assertEquals(0, batch.left());
    assertEquals(1, batch.starts.get());
  }

  private static int marked(Probe p, int item) {
    p.mark("ran " + item);
    return item;
  }

  private static void once(Trial t) throws Exception {
    settled(t, launch(t, false, i -> i));
  }

  private static void ranOnce(Trial t) throws Exception {
    Probe p = t.probe();
    launch(t, false, i -> marked(p, i)).ended.await();
    assertEquals(ITEMS, p.events().size());
    for (int i = 0; i < ITEMS; i++) assertEquals(1, p.count("ran " + i));
  }

  @SuppressWarnings("NullAway") // null is a legal result
  private static String result(int item) {
    return item % 5 == 0 ? null : "result " + item;
  }

  private static void values(Trial t) throws Exception {
    TestBatch batch = launch(t, false, BatchClauses::result);
    batch.ended.await();
    for (int i = 0; i < ITEMS; i++)
      assertEquals(new Outcome.Success<Object>(result(i)), batch.outcome(i));
  }

  /** The first to come, whichever it is, waits a little for another one. */
  private static int inside(Probe p) {
    p.mark("+item");
    for (int i = 0; i < 50 && p.count("+item") == 1; i++) p.pause();
    p.mark("-item");
    return 0;
  }

  private static void oneByOne(Trial t) throws Exception {
    Probe p = t.probe();
    launch(t, false, _ -> inside(p)).ended.await();
    assertEquals(1, p.peak("item"));
  }

  private static int failInTheMiddle(Probe p, int item) {
    p.mark("ran " + item);
    if (item == MIDDLE) throw new IllegalArgumentException("the middle");
    return item;
  }

  private static void assertMiddle(TestBatch batch) {
    Outcome<?> middle = batch.outcome(MIDDLE);
    Throwable e = middle == null ? null : middle.failureOrNull();
    assertEquals("the middle", assertInstanceOf(IllegalArgumentException.class, e).getMessage());
  }

  private static void failure(Trial t) throws Exception {
    Probe p = t.probe();
    TestBatch batch = launch(t, false, i -> failInTheMiddle(p, i));
    batch.ended.await();
    assertMiddle(batch);
    assertEquals(ITEMS, p.events().size());
    assertEquals(new Outcome.Success<Object>(ITEMS - 1), batch.outcome(ITEMS - 1));
  }

  private static void stops(Trial t) throws Exception {
    Probe p = t.probe();
    TestBatch batch = launch(t, true, i -> failInTheMiddle(p, i));
    settled(t, batch);
    assertMiddle(batch);
    assertEquals(MIDDLE + 1, p.events().size());
    for (int i = 0; i < MIDDLE; i++) assertEquals(new Outcome.Success<Object>(i), batch.outcome(i));
    Outcome<?> last = batch.outcome(ITEMS - 1);
    assertInstanceOf(InterruptedException.class, last == null ? null : last.failureOrNull());
  }

  private static Object stuckResult(int item) throws TravelClauses.Stuck {
    if (item == 1) throw new TravelClauses.Stuck("can't leave");
    return item == 2 ? new TravelClauses.Crate() : item;
  }

  private static void stuck(Trial t) throws Exception {
    List<Outcome<Object>> outcomes =
        Tasks.on(t.engine())
            .<Integer, Object>settle(
                IntStream.range(0, 2_000).mapToObj(i -> i % 100).toList(),
                BatchClauses::stuckResult);
    for (int i = 0; i < 2_000; i++) {
      Throwable failure = outcomes.get(i).failureOrNull();
      switch (i % 100) {
        case 1 -> assertInstanceOf(RemoteFailureException.class, failure);
        case 2 -> assertInstanceOf(Exception.class, failure);
        default -> assertEquals(new Outcome.Success<Object>(i % 100), outcomes.get(i));
      }
    }
  }

  private static void mayNotStart(Trial t) throws Exception {
    Probe p = t.probe();
    var batch = new TestBatch(ITEMS, i -> marked(p, i), false, false);
    t.engine().launch(batch);
    while (batch.starts.get() == 0) Thread.onSpinWait();
    for (int i = 0; i < 20; i++) assertEquals("next", t.submit(() -> "next").get());
    assertEquals(0, p.events().size());
    assertEquals(ITEMS, batch.left());
  }

  private static int holdInTheMiddle(Probe p, int item) throws InterruptedException {
    p.mark("ran " + item);
    if (item == MIDDLE) p.passOrMark("go", "interrupted");
    return item;
  }

  private static void assertCutInTheMiddle(Trial t, TestBatch batch) throws Exception {
    batch.ended.await();
    assertEquals(List.of(), batch.complaints());
    assertEquals(0, batch.left());
    assertEquals(0, t.probe().count("ran " + (MIDDLE + 1)));
    Outcome<?> last = batch.outcome(ITEMS - 1);
    assertInstanceOf(Throwable.class, last == null ? null : last.failureOrNull());
  }

  private static void cancelled(Trial t) throws Exception {
    Probe p = t.probe();
    TestBatch batch = launch(t, false, i -> holdInTheMiddle(p, i));
    p.await("ran " + MIDDLE);
    batch.cancel();
    p.await("interrupted");
    assertCutInTheMiddle(t, batch);
    Outcome<?> first = batch.outcome(0);
    assertEquals(new Outcome.Success<Object>(0), first);
  }

  private static void cancelledFirst(Trial t) throws Exception {
    Probe p = t.probe();
    var batch = new TestBatch(ITEMS, i -> holdInTheMiddle(p, i), false, true);
    batch.cancel();
    t.engine().launch(batch);
    batch.ended.await();
    assertEquals(List.of(), batch.complaints());
    assertEquals(0, p.count("ran " + (MIDDLE + 1)));
  }

  private static void shutDown(Trial t) throws Exception {
    Probe p = t.probe();
    TestBatch batch = launch(t, false, i -> holdInTheMiddle(p, i));
    p.await("ran " + MIDDLE);
    t.engine().shutdownNow();
    assertCutInTheMiddle(t, batch);
  }

  private static void rejected(Trial t) {
    t.engine().shutdown();
    var batch = new TestBatch(ITEMS, i -> i, false, true);
    assertThrows(RejectedExecutionException.class, () -> t.engine().launch(batch));
    assertEquals(0, batch.starts.get());
    assertEquals(ITEMS, batch.left());
  }

  private static void cost(Trial t) throws Exception {
    settled(t, launch(t, false, i -> "item " + i));
    settled(t, launch(t, true, i -> "item " + i));
  }

  private static int grow(List<Integer> list) {
    list.add(1);
    return list.size();
  }

  private static void apart(Trial t) throws Exception {
    var item = new ArrayList<Integer>();
    List<Integer> sizes =
        Tasks.on(t.engine()).limit(1).map(Collections.nCopies(2_000, item), BatchClauses::grow);
    assertEquals(Collections.nCopies(2_000, 1), sizes);
    assertEquals(List.of(), item);
  }

  private static List<Integer> upTo(int n) {
    return IntStream.range(0, n).boxed().toList();
  }

  private static void map(Trial t) throws Exception {
    assertEquals(upTo(20_000), Tasks.on(t.engine()).map(upTo(20_000), i -> i));
    assertEquals(upTo(5_000), Tasks.on(t.engine()).limit(1).map(upTo(5_000).stream(), i -> i));
  }

  private static int failLate(int item) {
    if (item == 4_000) throw new IllegalArgumentException("item " + item);
    return item;
  }

  private static void mapFails(Trial t) {
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Tasks.on(t.engine()).map(upTo(20_000), BatchClauses::failLate));
    assertEquals("item 4000", e.getMessage());
    assertEquals(0, e.getSuppressed().length);
  }

  private static int failOften(int item) {
    if (item % 10 == 0) throw new IllegalArgumentException("item " + item);
    return item;
  }

  private static void settle(Trial t) throws Exception {
    List<Outcome<Integer>> outcomes =
        Tasks.on(t.engine()).settle(upTo(5_000), BatchClauses::failOften);
    for (int i = 0; i < 5_000; i++) {
      Throwable failure = outcomes.get(i).failureOrNull();
      if (i % 10 != 0) assertEquals(new Outcome.Success<>(i), outcomes.get(i));
      else assertEquals("item " + i, failure == null ? "" : failure.getMessage());
    }
  }
}
