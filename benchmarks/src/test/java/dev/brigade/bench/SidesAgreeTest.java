package dev.brigade.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** All sides of a case must compute the same, or their times cannot be compared. */
class SidesAgreeTest {
  private static final int OPERATIONS = 3;
  private static final Plan COLD =
      new Plan(true, 1, 1, Duration.ZERO, Plan.QUICK.slice(), Plan.QUICK.budget());

  @TestFactory
  Stream<DynamicTest> everySideOfACaseHasTheSameResult() {
    return Stream.of("fork-join", "timeout", "map", "policy", "process")
        .map(name -> (MicroBench) Benches.named(name))
        .flatMap(bench ->
            bench.cases(COLD).stream()
                .map(one ->
                    dynamicTest(bench.name() + ": " + one.metric().caseName(), () -> check(one))));
  }

  private static void check(MicroCase one) throws Exception {
    Long expected = null;
    for (Contender<Side> contender : one.contenders()) {
      try (Side side = contender.opening().open()) {
        long result = side.run(OPERATIONS);
        if (expected == null) expected = result;
        assertEquals(expected, result, contender.name());
      } catch (MissingPeer e) {
        // A row says so; with the JDK whose preview features they need, these two must be there.
        boolean preview = List.of("StructuredTaskScope", "Jox").contains(contender.name());
        if (preview
            && Runtime.version().feature() == 25
            && !String.valueOf(e.getMessage()).contains("--quick"))
          fail(contender.name() + " is missing", e);
      }
    }
  }
}
