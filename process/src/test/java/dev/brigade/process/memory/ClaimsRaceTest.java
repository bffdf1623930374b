package dev.brigade.process.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** Tasks over a page as lanes send them: each is begun or taken back, never both, never neither. */
class ClaimsRaceTest {
  private static final int TASKS = 200_000;
  private static final int END = -1;

  @Test
  void eachTaskIsBegunOrTakenBack() throws Exception {
    StatusPage.Slot slot = ClaimsModelTest.page().slot(0);
    var wire = new LinkedBlockingQueue<Integer>();
    var skipped = new LinkedBlockingQueue<Integer>();
    var begun = new BitSet(TASKS);
    Thread worker =
        Thread.ofPlatform()
            .start(() -> {
              try {
                for (int t = wire.take(); t != END; t = wire.take()) {
                  if (slot.tryBegin(t)) begun.set(t);
                  else skipped.add(t);
                }
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    var random = new Random(11);
    var out = new ArrayDeque<Integer>();
    var back = new BitSet(TASKS);
    int skips = 0;
    for (int t = 0; t < TASKS; ) {
      // Nothing is allowed while a skip is due.
      for (; skips > 0; skips--) assertTrue(back.get(skipped.take()));
      for (int n = random.nextInt(8); n > 0 && t < TASKS; n--, t++) {
        out.add(t);
        slot.allow(1);
        wire.add(t);
      }
      if (random.nextInt(3) > 0) continue;
      int recalled = slot.recall();
      for (int i = 0; i < recalled; i++) back.set(out.removeLast());
      skips = recalled;
    }
    wire.add(END);
    worker.join();
    assertEquals(begun.cardinality(), slot.started());
    assertTrue(back.cardinality() > 0 && begun.cardinality() > 0, back.cardinality() + " back");
    var both = (BitSet) begun.clone();
    both.and(back);
    assertEquals(0, both.cardinality());
    begun.or(back);
    // What is still allowed was sent and is begun by now, unless it was taken back.
    assertEquals(TASKS, begun.cardinality() + slot.allowed());
    assertEquals(0, slot.allowed());
  }

  @Test
  void moreThanTheWordHoldsIsRefusedAndChangesNothing() {
    StatusPage.Slot slot = ClaimsModelTest.page().slot(0);
    slot.allow(65_535);
    assertThrows(IllegalStateException.class, () -> slot.allow(1));
    assertEquals(65_535, slot.allowed());
    assertEquals(0, slot.started());
    assertTrue(slot.tryBegin(1));
    assertEquals(65_534, slot.recall());
    assertEquals(1, slot.started());
    assertEquals(0, slot.recall());
  }
}
