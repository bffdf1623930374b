package dev.brigade.bench.process;

import dev.brigade.bench.Side;
import dev.brigade.process.ProcessPool;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** A map as one writes it without a chunking one: a task for each so many items. */
final class ChunksByHand implements Side {
  private static final int[] SIZES = {300, 1000, 3000, 10_000, 30_000, 100_000};
  private static final int TRIALS = 2;

  private final List<Integer> items;
  private final ProcessPool pool = ProcessPool.open(PoolBench.WORKERS);
  private int size;

  ChunksByHand(int items, int size) {
    this.items = IntStream.range(0, items).boxed().toList();
    this.size = size;
  }

  /** With the size that is fastest, found by trying all. */
  static ChunksByHand best(int items) throws Exception {
    var side = new ChunksByHand(items, SIZES[0]);
    int best = SIZES[0];
    long least = Long.MAX_VALUE;
    for (int trial = 0; trial < TRIALS; trial++)
      for (int size : SIZES) {
        side.size = size;
        long start = System.nanoTime();
        long unused = side.run(1);
        long took = System.nanoTime() - start;
        if (trial > 0 && took < least) {
          least = took;
          best = size;
        }
      }
    side.size = best;
    return side;
  }

  @Override
  public long run(int operations) throws Exception {
    long sum = 0;
    for (int n = 0; n < operations; n++) {
      var parts = new ArrayList<Future<ArrayList<Integer>>>();
      for (int from = 0; from < items.size(); from += size) {
        var part = new ArrayList<>(items.subList(from, Math.min(items.size(), from + size)));
        parts.add(pool.call(ChunksByHand::incrementAll, part));
      }
      var all = new ArrayList<Integer>(items.size());
      for (var part : parts) all.addAll(part.get());
      for (int result : all) sum += result;
    }
    return sum;
  }

  private static ArrayList<Integer> incrementAll(List<Integer> part) {
    var results = new ArrayList<Integer>(part.size());
    for (Integer item : part) results.add(Mapped.increment(item));
    return results;
  }

  @Override
  public String note() {
    return "chunks of " + size;
  }

  @Override
  public void close() {
    pool.close();
  }
}
