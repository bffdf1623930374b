package dev.brigade.bench.fanout;

import dev.brigade.task.Tasks;
import java.util.List;
import java.util.stream.IntStream;

/** {@code Tasks.map}, with room for all tasks at once as in the other programs. */
final class OursMain {
  private OursMain() {}

  public static void main(String[] args) throws Exception {
    int millis = Integer.parseInt(args[1]);
    List<Integer> items = IntStream.range(0, Integer.parseInt(args[0])).boxed().toList();
    List<Integer> results =
        Tasks.limit(items.size())
            .map(
                items,
                item -> {
                  Thread.sleep(millis);
                  return item;
                });
    PeakMemory.report(results.size(), items.size());
  }
}
