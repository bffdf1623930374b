package dev.brigade.bench.cpumap;

import dev.brigade.bench.Side;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A pool of one platform thread for each core and chunks of one fixed size: the best size for just
 * these items, found by trying them all. Nobody has this in practice; it is the bar for a chunk
 * size that is found while running.
 */
final class FixedChunk implements Side {
  private static final int TRIALS = 2;

  private final List<Integer> items;
  private final ExecutorService pool = Executors.newFixedThreadPool(Burn.CORES);
  private int chunk = 1;

  private FixedChunk(List<Integer> items) {
    this.items = items;
  }

  /**
   * Tries every power of two and every even share of the items, and keeps the size whose best trial
   * was fastest.
   */
  static Side best(List<Integer> items) throws Exception {
    var side = new FixedChunk(items);
    long bestNanos = Long.MAX_VALUE;
    int best = 1;
    side.run(1);
    for (int size : sizes(items.size())) {
      side.chunk = size;
      side.run(1);
      for (int i = 0; i < TRIALS; i++) {
        long start = System.nanoTime();
        side.run(1);
        long nanos = System.nanoTime() - start;
        if (nanos < bestNanos) {
          bestNanos = nanos;
          best = size;
        }
      }
    }
    side.chunk = best;
    return side;
  }

  private static TreeSet<Integer> sizes(int items) {
    var sizes = new TreeSet<Integer>();
    for (int size = 1; size < items; size *= 2) sizes.add(size);
    for (int share = 1; share <= 8; share++) sizes.add(Math.ceilDiv(items, share * Burn.CORES));
    return sizes;
  }

  @Override
  public long run(int operations) throws Exception {
    long sum = 0;
    for (int i = 0; i < operations; i++) sum += Burn.sum(map());
    return sum;
  }

  private List<Long> map() throws Exception {
    var results = new Long[items.size()];
    List<Callable<Void>> chunks = new ArrayList<>();
    for (int from = 0; from < results.length; from += chunk) {
      int first = from;
      int end = Math.min(results.length, from + chunk);
      chunks.add(() -> {
        for (int i = first; i < end; i++) results[i] = Burn.spin(items.get(i));
        return null;
      });
    }
    for (Future<Void> done : pool.invokeAll(chunks)) done.get();
    return Arrays.asList(results);
  }

  @Override
  public String note() {
    return "chunk of " + chunk + ", the best of " + sizes(items.size()).size();
  }

  @Override
  public void close() {
    pool.close();
  }
}
