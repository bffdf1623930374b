package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.auto.Advice;
import dev.brigade.engine.Batch;
import dev.brigade.engine.Engine;
import dev.brigade.measure.Probe;
import dev.brigade.measure.Probe.Doing;
import dev.brigade.measure.Probes;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Fan-outs that measure and may go elsewhere. Probes say that the work computes; in truth an item
 * sleeps, here as long as the test wants, and there, which is known by the kind of thread, for
 * another time. So a busy machine changes little.
 */
@HangGuard
class AutoElsewhereTest {
  private static final int ITEMS = 2_000;

  private final AtomicIntegerArray runs = new AtomicIntegerArray(ITEMS);
  private final AtomicInteger there = new AtomicInteger();
  private final AtomicInteger now = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private volatile int millisHere = 10;
  private volatile int millisThere;

  private static List<Integer> upTo(int n) {
    return IntStream.range(0, n).boxed().toList();
  }

  /** Every thread computes from the moment it entered. */
  private static final class Computing implements Probes {
    @Override
    public Probe here() {
      long entered = System.nanoTime();
      return new Probe() {
        @Override
        public Look look() {
          return new Look(System.nanoTime() - entered, 0, 0, Doing.RUNNING);
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public String caveat() {
      return "";
    }
  }

  private record Ended(List<Integer> results, Advice advice) {}

  private <X extends Exception> Ended run(Engine elsewhere, int limit, Fn<Integer, Integer, X> f)
      throws InterruptedException {
    var trial = new Trial(new Computing(), (start, max) -> new Pace.Fixed(start), 2, limit);
    var all = new Collected.All<Integer, Integer>();
    var done = new int[1];
    Object unused =
        TaskScope.<Object, RuntimeException>call(
            Choices.DEFAULT,
            TaskScope.Mode.COMBINATOR,
            s -> {
              Items<Integer> input = Items.of(upTo(ITEMS));
              all.size(input.size());
              Crew<Integer, Integer> crew = MeasuredCrew.of(s, input, f, all, trial, elsewhere);
              s.completeWhen(crew::complete);
              crew.run();
              done[0] = ITEMS;
              return Null.result(null);
            });
    var writer = new AdviceWriter("map", trial.finding(), done[0], 1);
    return new Ended(all.list(), writer.advice(0));
  }

  private int item(int i) throws InterruptedException {
    most.accumulateAndGet(now.incrementAndGet(), Math::max);
    runs.incrementAndGet(i);
    boolean isThere = Thread.currentThread().isVirtual();
    if (isThere) there.incrementAndGet();
    int millis = isThere ? millisThere : millisHere;
    if (millis > 0) Thread.sleep(millis);
    now.decrementAndGet();
    return -i;
  }

  private void assertEachRanOnce(List<Integer> results) {
    for (int i = 0; i < ITEMS; i++) {
      assertEquals(1, runs.get(i), "item " + i);
      assertEquals(-i, results.get(i));
    }
  }

  @Test
  void theRestGoesWhereItIsMeasuredToBeFaster() throws Exception {
    millisThere = 1;
    var elsewhere = new BatchRunner();
    elsewhere.itemNanos = 1_000_000;
    Ended ended = run(elsewhere.engine(), 0, this::item);
    assertEachRanOnce(ended.results);
    assertTrue(there.get() > ITEMS / 2, "there: " + there);
    Advice advice = ended.advice;
    assertEquals(new Advice.Choice("elsewhere", 4, false), advice.choice());
    assertTrue(advice.why().contains("so the rest went there"), advice.why());
    assertEquals("Tasks.on(elsewhere).map(items, f)", advice.code());
    var estimate = advice.estimates().getLast();
    assertEquals("elsewhere", estimate.way());
    assertTrue(estimate.chosen());
    assertTrue(advice.toString().contains("It ran on elsewhere, 4 at once"), advice.toString());
  }

  @Test
  void whatIsOverBeforeItIsDecidedIsToldAsMeasured() throws Exception {
    Ended ended = run(new BatchRunner().engine(), 0, this::item);
    assertEachRanOnce(ended.results);
    assertEquals("elsewhere", ended.advice.choice().engine());
  }

  @Test
  void itComesBackWhereItIsNot() throws Exception {
    millisThere = 300;
    var elsewhere = new BatchRunner();
    elsewhere.itemNanos = 300_000_000;
    Ended ended =
        run(
            elsewhere.engine(),
            0,
            i -> {
              int result = item(i);
              // It was measured by then.
              if (there.get() > 0) millisHere = 0;
              return result;
            });
    assertEachRanOnce(ended.results);
    assertTrue(there.get() > 0 && there.get() < ITEMS / 2, "there: " + there);
    assertEquals("cores", ended.advice.choice().engine());
    String why = ended.advice.why();
    assertTrue(why.contains("so the rest stayed here"), why);
  }

  @Test
  void whatCannotTravelStaysAndTheAdviceSaysWhy() throws Exception {
    Engine refusing =
        Launching.instead(
            Elsewhere.chunked(),
            job -> {
              millisHere = 0;
              throw new RejectedExecutionException("java.lang.Thread is not Serializable, at .lid");
            });
    Ended ended = run(refusing, 0, this::item);
    assertEachRanOnce(ended.results);
    assertEquals(0, there.get());
    String why = ended.advice.why();
    assertTrue(why.contains("took no items: java.lang.Thread is not Serializable, at .lid."), why);
    assertEquals("cores", ended.advice.choice().engine());
  }

  @Test
  void whatIsRefusedLaterIsRunHere() throws Exception {
    var elsewhere = new BatchRunner();
    var launched = new AtomicInteger();
    Engine tiring =
        Launching.instead(
            elsewhere.engine(),
            job -> {
              if (launched.incrementAndGet() <= 3) {
                elsewhere.engine().launch(job);
                return;
              }
              millisHere = 0;
              throw new RejectedExecutionException("shut down");
            });
    Ended ended = run(tiring, 0, this::item);
    assertEachRanOnce(ended.results);
    assertEquals(4, launched.get());
    assertTrue(ended.advice.why().contains("shut down"), ended.advice.why());
  }

  @Test
  void anItemThatFailsThereFailsTheMap() {
    var own = new IOException("there");
    assertSame(
        own,
        assertThrows(
            IOException.class,
            () -> {
              Object unused =
                  run(
                      new BatchRunner().engine(),
                      0,
                      i -> {
                        int result = item(i);
                        if (there.get() == 100) throw own;
                        return result;
                      });
              if (unused == own) throw new IOException("typed");
            }));
    assertEquals(0, now.get());
  }

  @Test
  void theLimitHoldsHereAndThere() throws Exception {
    millisThere = 100;
    var elsewhere = new BatchRunner();
    elsewhere.itemNanos = 100_000_000;
    Ended ended =
        run(
            elsewhere.engine(),
            2,
            i -> {
              int result = item(i);
              if (there.get() > 0) millisHere = 0;
              return result;
            });
    assertEachRanOnce(ended.results);
    assertTrue(most.get() <= 2, "at once: " + most);
    assertTrue(there.get() > 0);
  }

  @Test
  void littleWorkIsNotCompared() throws Exception {
    Engine never =
        Launching.instead(
            Elsewhere.chunked(), job -> ((Batch) job).fail(new AssertionError("launched")));
    List<Integer> results = Tasks.auto(never).map(upTo(1000), i -> i);
    assertEquals(upTo(1000), results);
    assertFalse(Advice.of(results).why().contains("elsewhere"));
    assertEquals(upTo(50), Tasks.auto(never).map(upTo(50).stream(), i -> i));
  }

  @Test
  void underAPolicyNothingGoesElsewhere() throws Exception {
    millisHere = 2;
    var elsewhere = new BatchRunner();
    List<Integer> results = Tasks.auto(elsewhere.engine()).retry(2).map(upTo(ITEMS), this::item);
    assertEachRanOnce(results);
    assertEquals(List.of(), elsewhere.sizes);
  }

  @Test
  void anEngineOfThisJvmIsRefused() {
    var e = assertThrows(IllegalArgumentException.class, () -> Tasks.auto(Engine.cores()));
    assertTrue(e.getMessage().contains("outside of this JVM"), e.getMessage());
    assertThrows(NullPointerException.class, () -> Tasks.auto(null));
    assertThrows(
        IllegalArgumentException.class, () -> Tasks.on(Engine.cores()).auto(Elsewhere.chunked()));
  }

  @Test
  void theAdviceIsHeardByAllWhoAsked() throws Exception {
    var heard = new AtomicInteger();
    Tasks.auto()
        .advised(a -> heard.incrementAndGet())
        .auto(Elsewhere.chunked())
        .advised(a -> heard.addAndGet(10))
        .forEach(upTo(10), i -> {});
    assertEquals(11, heard.get());
  }
}
