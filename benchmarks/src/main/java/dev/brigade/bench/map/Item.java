package dev.brigade.bench.map;

import java.util.List;
import java.util.stream.IntStream;

/** What is mapped: a number to itself, after a wait where one is asked for. */
final class Item {
  private Item() {}

  static List<Integer> list(int items) {
    return IntStream.range(0, items).boxed().toList();
  }

  static Integer process(Integer item, int millis) throws InterruptedException {
    if (millis > 0) Thread.sleep(millis);
    return item;
  }

  static long sum(List<Integer> results) {
    long sum = 0;
    for (int result : results) sum += result;
    return sum;
  }
}
