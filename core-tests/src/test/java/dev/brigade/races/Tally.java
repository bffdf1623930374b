package dev.brigade.races;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** How often each side was first. */
final class Tally {
  private final Map<Ending, Long> endings = new EnumMap<>(Ending.class);

  void add(Ending ending) {
    endings.merge(ending, 1L, Long::sum);
  }

  void add(Tally other) {
    other.endings.forEach((e, n) -> endings.merge(e, n, Long::sum));
  }

  long rounds() {
    return endings.values().stream().mapToLong(Long::longValue).sum();
  }

  long count(Ending ending) {
    return endings.getOrDefault(ending, 0L);
  }

  /** A race that one side always wins tests nothing. */
  void assertBothSidesWon() {
    long least = rounds() / 100;
    if (count(Ending.COMPLETED) < least || rounds() - count(Ending.COMPLETED) < least)
      throw new AssertionError("one side won less than 1 % of the races: " + this);
  }

  @Override
  public String toString() {
    var text = new StringBuilder().append(rounds()).append(" races");
    endings.forEach((e, n) ->
        text.append(
            "%s %.1f %%"
                .formatted(", " + e.name().toLowerCase(Locale.ROOT), 100.0 * n / rounds())));
    return text.toString();
  }
}
