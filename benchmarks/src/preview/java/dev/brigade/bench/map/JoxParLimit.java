package dev.brigade.bench.map;

import com.softwaremill.jox.structured.Par;
import dev.brigade.bench.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Jox's {@code parLimit}, the bounded map of its structured module. */
public final class JoxParLimit implements Side {
  private final List<Integer> items;
  private final int millis;

  public JoxParLimit(int items, int millis) {
    this.items = Item.list(items);
    this.millis = millis;
  }

  @Override
  public long run(int operations) throws Exception {
    long sum = 0;
    for (int i = 0; i < operations; i++) sum += Item.sum(map());
    return sum;
  }

  private List<Integer> map() throws InterruptedException {
    List<Callable<Integer>> calls = new ArrayList<>(items.size());
    for (Integer item : items) calls.add(() -> Item.process(item, millis));
    return Par.parLimit(MapBench.WIDTH, calls);
  }
}
