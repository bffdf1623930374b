package dev.brigade.bench.map;

import dev.brigade.bench.Side;
import java.util.List;
import java.util.stream.Gatherers;

/** The JDK's {@code Gatherers.mapConcurrent}. */
final class MapConcurrent implements Side {
  private final List<Integer> items;
  private final int millis;

  MapConcurrent(int items, int millis) {
    this.items = Item.list(items);
    this.millis = millis;
  }

  @Override
  public long run(int operations) {
    long sum = 0;
    for (int i = 0; i < operations; i++)
      sum +=
          Item.sum(
              items.stream()
                  .gather(Gatherers.mapConcurrent(MapBench.WIDTH, this::process))
                  .toList());
    return sum;
  }

  private Integer process(Integer item) {
    try {
      return Item.process(item, millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
