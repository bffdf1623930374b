package dev.brigade.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoundsTest {
  private final List<String> heard = new ArrayList<>();

  private final Rounds.Listener listener =
      new Rounds.Listener() {
        @Override
        public void sampled(String side, double[] values) {
          heard.add(side);
        }

        @Override
        public void skipped(String side, String why) {
          heard.add(side + " skipped: " + why);
        }
      };

  private static Map<String, Rounds.Sampler> sides(Rounds.Sampler second) {
    Map<String, Rounds.Sampler> sides = new LinkedHashMap<>();
    sides.put("A", () -> new double[] {1});
    sides.put("B", second);
    sides.put("C", () -> new double[] {1});
    return sides;
  }

  @Test
  void roundsAlternateTheirDirection() {
    Rounds.interleave(
        sides(() -> new double[] {1}), 3, System.nanoTime() + 60_000_000_000L, listener);
    assertEquals(List.of("A", "B", "C", "C", "B", "A", "A", "B", "C"), heard);
  }

  @Test
  void pastDeadlineLeavesThreeRounds() {
    Rounds.interleave(sides(() -> new double[] {1}), 100, System.nanoTime() - 1, listener);
    assertEquals(9, heard.size());
  }

  @Test
  void failingSideIsReportedOnceAndLeftOut() {
    Rounds.interleave(
        sides(() -> {
          throw new MissingPeer("gone");
        }),
        2,
        System.nanoTime(),
        listener);
    assertEquals(List.of("A", "B skipped: gone", "C", "C", "A"), heard);
  }

  @Test
  void absentContenderIsReportedAndTheOthersOpen() {
    var open =
        Rounds.open(
            List.of(
                new Contender<>("A", () -> "a"),
                new Contender<String>(
                    "B",
                    () -> {
                      throw new NoClassDefFoundError("lib/Gone");
                    })),
            listener);
    assertEquals(Map.of("A", "a"), open);
    assertEquals(List.of("B skipped: failed: java.lang.NoClassDefFoundError: lib/Gone"), heard);
  }
}
