package dev.brigade.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.task.Tasks;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Figures as they are shown. */
class ReadingTest {
  /** What a policy may count. */
  public record Figures(int held, OptionalInt ceiling, Duration delay, @Nullable String reason) {}

  @Test
  void whatIsAbsentIsLeftOutAndTheRestUnwrapped() {
    var some = new Figures(3, OptionalInt.of(7), Duration.ofMillis(1500), "slow");
    assertEquals(
        Map.of("held", 3, "ceiling", 7, "delay", 1.5, "reason", "slow"),
        Reading.of("limit", "a", some).figures());
    var none = new Figures(3, OptionalInt.empty(), Duration.ZERO, null);
    assertEquals(Map.of("held", 3, "delay", 0.0), Reading.of("limit", "a", none).figures());
  }

  @Test
  void oneThatCannotBeReadDoesNotHideTheOthers() {
    Metered broken =
        () -> {
          throw new IllegalStateException("boom");
        };
    Metered whole = () -> new Reading("limit", "whole", Map.of("held", 1));
    Meters.add(broken);
    Meters.add(whole);
    String text = Tasks.snapshot().toText();
    assertTrue(text.contains("limit whole"), text);
    assertTrue(text.contains("boom"), text);
    assertEquals("whole", whole.reading().name());
    assertTrue(broken.toString().length() > 0);
  }
}
