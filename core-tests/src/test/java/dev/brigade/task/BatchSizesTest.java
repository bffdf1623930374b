package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchSizesTest {
  private final BatchSizes sizes = new BatchSizes();

  /** Ends batches one after the other, each as large as the sizes say. */
  private List<Integer> run(int batches, long itemNanos, long fixedNanos, long nanosToSendAnItem) {
    var all = new ArrayList<Integer>();
    for (int i = 0; i < batches; i++) {
      int n = sizes.next();
      all.add(n);
      sizes.ended(n, n * itemNanos, fixedNanos + n * nanosToSendAnItem);
    }
    return all;
  }

  @Test
  void theFirstBatchIsOneItem() {
    assertEquals(1, sizes.next());
    assertEquals(1, sizes.next(1_000_000, 2));
  }

  @Test
  void aStepIsAtMostFourfold() {
    assertEquals(List.of(1, 4, 16, 64, 256), run(5, 1, 1_000_000, 0));
  }

  @ParameterizedTest
  @CsvSource({"1000, 50000, 1000", "100, 50000, 10000", "50000, 50000, 20"})
  void aBatchLastsTwentyTimesWhatItCostsToSend(long itemNanos, long overhead, int expected) {
    List<Integer> all = run(20, itemNanos, overhead, 0);
    assertEquals(expected, all.getLast(), all.toString());
  }

  @Test
  void itemsThatAreLongerThanTheCostGoOneByOne() {
    assertEquals(List.of(1, 1, 1, 1), run(4, 10_000_000, 50_000, 0));
  }

  @Test
  void whatAnItemCostsToSendCountsAsTheItems() {
    List<Integer> all = run(200, 1, 50_000, 99);
    int last = all.getLast();
    // The part of the batch is seen within a factor of two only.
    assertTrue(last >= 10_000 && last <= 25_000, all.toString());
  }

  @Test
  void aBatchIsNeverLargerThanTheMost() {
    assertEquals(BatchSizes.MOST, run(30, 1, 1_000_000_000, 0).getLast());
  }

  @Test
  void slowerItemsMakeTheNextBatchSmallerAtOnce() {
    int before = run(20, 1000, 50_000, 0).getLast();
    sizes.ended(before, before * 100_000L, 50_000);
    assertTrue(sizes.next() <= before / 40, before + " and then " + sizes.next());
  }

  @Test
  void oneBatchThatWasHeldUpDoesNotMakeTheNextOnesHuge() {
    int before = run(20, 1000, 50_000, 0).getLast();
    sizes.ended(before, before * 1000L, 10_000_000_000L);
    assertTrue(sizes.next() <= 4 * before, before + " and then " + sizes.next());
  }

  @Test
  void towardsTheEndBatchesLeaveWorkForTheOtherPlaces() {
    int full = run(20, 1, 1_000_000, 0).getLast();
    assertEquals(full, sizes.next(4 * full, 2));
    assertEquals(25, sizes.next(100, 2));
    assertEquals(1, sizes.next(3, 2));
    assertEquals(1, sizes.next(1, 2));
    assertEquals(1, sizes.next(Integer.MAX_VALUE, Integer.MAX_VALUE));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-5, -5",
    "9223372036854775807, 9223372036854775807",
    "-9223372036854775808, 9223372036854775807",
    "9223372036854775807, -9223372036854775808"
  })
  void nonsenseIsHarmless(long run, long overhead) {
    for (int i = 0; i < 50; i++) {
      int n = sizes.next();
      assertTrue(n >= 1 && n <= BatchSizes.MOST, "size " + n);
      sizes.ended(n, run, overhead);
      assertTrue(sizes.nanos() >= 0);
    }
  }

  @Test
  void anEngineThatTellsNoCostGetsBatchesOfAMillisecond() {
    for (int i = 0; i < 30; i++) sizes.ended(sizes.next(), 50_000 + 1000L * sizes.next());
    assertEquals(1000, sizes.next());
  }
}
