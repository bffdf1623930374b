package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The log of stamps against one with an entry for each unit. */
class WindowPaceTest {
  private final ArrayDeque<Long> units = new ArrayDeque<>();

  private long untilFree(int permits, long per, long now, int weight) {
    int mustLeave = units.size() + weight - permits;
    int i = 0;
    for (long t : units) if (++i == mustLeave) return Math.max(0, t + per - now);
    return 0;
  }

  private long free(int permits, long per, long now) {
    return permits - units.stream().filter(t -> now - t < per).count();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 40, 300})
  void itAnswersAsALogOfUnitsWould(int most) {
    var random = new Random(most);
    for (int round = 0; round < 20; round++) {
      units.clear();
      int permits = most;
      long per = 1L + random.nextInt(60);
      long now = 0;
      Pace pace = new WindowPace(permits, per);
      for (int i = 0; i < 2_000; i++) {
        if (random.nextInt(3) == 0) now += random.nextInt(i % 50 == 0 ? 100 : 4);
        int weight = 1 + random.nextInt(random.nextBoolean() ? Math.min(3, permits) : permits);
        long wait = untilFree(permits, per, now, weight);
        assertEquals(wait, pace.untilFree(now, weight));
        assertEquals(free(permits, per, now), pace.free(now));
        if (wait == 0) {
          pace.stamp(now, weight);
          for (int k = 0; k < weight; k++) units.add(now);
          while (units.size() > permits) units.removeFirst();
        }
        if (random.nextInt(200) == 0) {
          permits = 1 + random.nextInt(most);
          per = Math.max(1, per - random.nextInt(3));
          pace = pace.changed(permits, per, now);
          while (units.size() > permits) units.removeFirst();
        }
      }
    }
  }

  @Test
  void whatIsOlderThanALongCanSayHasLeft() {
    var pace = new WindowPace(3, 10);
    pace.stamp(0, 3);
    assertEquals(1, pace.untilFree(9, 1));
    assertEquals(0, pace.untilFree(Long.MIN_VALUE + 100, 3));
    assertEquals(3, pace.free(Long.MIN_VALUE + 100));
  }

  @Test
  void aClockThatWrapsDoesNoHarm() {
    var pace = new WindowPace(3, 10);
    pace.stamp(Long.MAX_VALUE - 20, 1);
    pace.stamp(Long.MAX_VALUE, 1);
    assertEquals(0, pace.untilFree(Long.MIN_VALUE + 8, 2));
    assertEquals(1, pace.untilFree(Long.MIN_VALUE + 8, 3));
    assertEquals(2, pace.free(Long.MIN_VALUE + 8));
  }
}
