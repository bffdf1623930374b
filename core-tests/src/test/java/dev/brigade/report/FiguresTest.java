package dev.brigade.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FiguresTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 ns",
    "999, 999 ns",
    "1000, 1.00 µs",
    "12345, 12.3 µs",
    "999499, 999 µs",
    "999500, 1.00 ms",
    "999499999, 999 ms",
    "999500000, 1.00 s",
    "99900000000, 99.9 s",
    "100000000000, 1 min 40 s",
    "3600000000000, 1 h 0 min",
    "9223372036854775807, 2562047 h 47 min",
    "-1500, -1.50 µs"
  })
  void timesHaveThreeDigitsAndAUnit(long nanos, String text) {
    assertEquals(text, Figures.nanos(nanos));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "250000, 250 µs",
    "1500000, 1.5 ms",
    "2000000000, 2 s",
    "120000000000, 2 min",
    "7200000000000, 2 h"
  })
  void ticksHaveNoMoreDigitsThanTheyNeed(long nanos, String text) {
    assertEquals(text, Figures.tick(nanos));
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        1,
        2,
        7,
        99,
        1_000,
        123_456_789,
        3_599_000_000_000L,
        86_400_000_000_000L,
        Long.MAX_VALUE >> 3
      })
  void axesHaveFewTicksAndAtLeastOneStep(long end) {
    long step = Axis.timeStep(end, 5);
    assertTrue(step >= 1 && end / step <= 5, "step " + step);
    assertTrue(end < 5 || end / step >= 1, "step " + step);
  }

  @Test
  void decimalsAreWrittenWithoutALocale() {
    var out = new StringBuilder();
    for (double x : new double[] {0, 1, 0.5, 12.3456, 99.99999, -1.25, Double.NaN, 0.00004})
      Markup.decimal(out, x).append(' ');
    assertEquals("0 1 0.5 12.3456 100 -1.25 0 0 ", out.toString());
  }

  @Test
  @SuppressWarnings("serial")
  void failuresWhoseCodeFailsAreNamedAllTheSame() {
    class Broken extends RuntimeException {
      @Override
      public String getMessage() {
        throw new IllegalStateException();
      }
    }
    assertEquals("Broken", Figures.failure(new Broken()));
    assertEquals("RuntimeException: why", Figures.failure(new RuntimeException("why")));
    assertEquals("RuntimeException", Figures.failure(new RuntimeException()));
    assertTrue(Figures.failure(new RuntimeException() {}).startsWith("dev.brigade.report."));
  }

  @Test
  void levelsCountWhatIsBetween() {
    var a = activity(0, 10);
    var b = activity(5, 20);
    var c = activity(10, 15);
    Levels levels = Levels.inProgress(List.of(a, b, c));
    assertEquals(2, levels.peak);
    assertEquals(10 + 15 + 5, levels.area);
    assertEquals(
        List.of(0L, 5L, 10L, 15L, 20L), java.util.Arrays.stream(levels.times).boxed().toList());
    assertEquals(List.of(1, 2, 2, 1, 0), java.util.Arrays.stream(levels.counts).boxed().toList());
    assertEquals(
        List.of(1, 2, 2, 2), java.util.Arrays.stream(levels.highest(4, 20)).boxed().toList());
  }

  private static Activity activity(long started, long ended) {
    var a = new Activity(1, 0, true, "a", "e");
    a.started = started;
    a.ended = ended;
    return a;
  }

  @Test
  void quantilesAreTheLengthOfATask() {
    Lengths lengths = Lengths.of(List.of(ended(10), ended(20), ended(30), ended(40)));
    assertEquals(20, lengths.quantile(0.5));
    assertEquals(40, lengths.quantile(0.9));
    assertEquals(10, lengths.quantile(0));
    assertEquals(40, lengths.longest());
    assertTrue(Lengths.of(List.of(activity(0, 5))).none(), "its end is not known");
  }

  private static Activity ended(long length) {
    var a = activity(0, length);
    a.ending = Activity.Ending.SUCCESS;
    return a;
  }
}
