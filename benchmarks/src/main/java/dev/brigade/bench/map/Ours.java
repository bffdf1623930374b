package dev.brigade.bench.map;

import dev.brigade.bench.Side;
import dev.brigade.task.Tasks;
import java.util.List;

/** {@code Tasks.limit(width).map}. */
final class Ours implements Side {
  private final List<Integer> items;
  private final int millis;
  private final int width;

  Ours(int items, int millis, int width) {
    this.items = Item.list(items);
    this.millis = millis;
    this.width = width;
  }

  @Override
  public long run(int operations) throws Exception {
    long sum = 0;
    for (int i = 0; i < operations; i++)
      sum += Item.sum(Tasks.limit(width).map(items, item -> Item.process(item, millis)));
    return sum;
  }
}
