package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A line against a plain list. */
class LineTest {
  @Test
  void itKnowsWhatStandsBeforeATurnWhoeverHasLeft() {
    var random = new Random(5);
    var line = new Line();
    List<Turn> plain = new ArrayList<>();
    int peak = 0;
    for (int i = 0; i < 20_000; i++) {
      // Grows to some hundreds and empties again, several times.
      boolean growing = i / 1_000 % 2 == 0;
      if (plain.isEmpty() || random.nextInt(10) < (growing ? 7 : 2)) {
        var turn = new Turn(1 + random.nextInt(1 << 30), null);
        line.append(turn);
        plain.add(turn);
      } else {
        line.remove(plain.remove(random.nextInt(4) == 0 ? random.nextInt(plain.size()) : 0));
      }
      peak = Math.max(peak, plain.size());
      assertEquals(plain.size(), line.size());
      assertEquals(plain.stream().mapToLong(t -> t.weight).sum(), line.weight());
      if (plain.isEmpty()) {
        assertNull(line.first());
        continue;
      }
      assertSame(plain.getFirst(), line.first());
      int n = random.nextInt(plain.size());
      long sum = 0;
      for (int k = 0; k <= n; k++) sum += plain.get(k).weight;
      assertEquals(sum, line.weightUpTo(plain.get(n)));
    }
    assertEquals(peak, line.peak());
  }
}
