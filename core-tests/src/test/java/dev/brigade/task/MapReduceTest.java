package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.brigade.engine.Engine;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Combining results in a fixed order. */
@HangGuard
class MapReduceTest {
  private static final double[] VALUES = new Random(7).doubles(1000, -1e10, 1e-10).toArray();

  private static List<Integer> upTo(int n) {
    return IntStream.range(0, n).boxed().toList();
  }

  private static double sum(FanOut on, int n) throws InterruptedException {
    return on.mapReduce(upTo(n), i -> VALUES[i], 0.0, Double::sum);
  }

  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void theSameBitsOnEveryEngineEveryTime(EachEngine.Opener opener) throws Exception {
    try (Engine e = opener.open()) {
      for (int n : new int[] {1, 63, 64, 65, 1000}) {
        double once = sum(Tasks.limit(1), n);
        for (int round = 0; round < 20; round++) {
          assertEquals(once, sum(Tasks.on(e), n), 0.0);
          assertEquals(once, sum(Tasks.on(e).limit(3), n), 0.0);
        }
        double lazily =
            Tasks.on(e).mapReduce(() -> upTo(n).iterator(), i -> VALUES[i], 0.0, Double::sum);
        assertEquals(once, lazily, 0.0);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void theOrderIsKeptSoCombiningNeedNotCommute(EachEngine.Opener opener) throws Exception {
    try (Engine e = opener.open()) {
      for (int n : new int[] {0, 1, 64, 65, 200}) {
        var expected = new StringBuilder();
        for (int i = 0; i < n; i++) expected.append(i).append(' ');
        assertEquals(
            expected.toString(), Tasks.on(e).mapReduce(upTo(n), i -> i + " ", "", String::concat));
      }
    }
  }

  @Test
  void whatCombiningThrowsFailsTheWhole() {
    var own = new IllegalStateException("combine");
    assertSame(
        own,
        assertThrows(
            IllegalStateException.class,
            () ->
                Tasks.mapReduce(
                    upTo(200),
                    i -> i,
                    0,
                    (a, b) -> {
                      if (b == 100) throw own;
                      return a + b;
                    })));
  }

  @Test
  void whatTheFunctionThrowsFailsTheWhole() {
    assertThrows(
        IOException.class,
        () ->
            Tasks.mapReduce(
                upTo(200),
                i -> {
                  if (i == 150) throw new IOException("item");
                  return i;
                },
                0,
                Integer::sum));
  }
}
