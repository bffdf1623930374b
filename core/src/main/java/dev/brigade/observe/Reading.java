package dev.brigade.observe;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The figures of one thing at one moment.
 *
 * @param kind what it is: {@code limit}, {@code breaker}, …
 * @param name its name, or empty
 * @param figures numbers and short texts by name, in order
 */
public record Reading(String kind, String name, Map<String, Object> figures) {

  /** Takes its own copy of the figures. */
  public Reading {
    figures = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(figures));
  }

  /**
   * The components of a public record as figures: numbers as they are, durations in seconds,
   * anything else as text; what is absent is left out.
   */
  public static Reading of(String kind, String name, Record statistics) {
    var figures = new LinkedHashMap<String, Object>();
    for (RecordComponent c : statistics.getClass().getRecordComponents()) {
      try {
        Object value = present(c.getAccessor().invoke(statistics));
        // Absent is left out.
        if (value != null) figures.put(c.getName(), figure(value));
      } catch (ReflectiveOperationException e) {
        throw new IllegalArgumentException("not a public record: " + statistics.getClass(), e);
      }
    }
    return new Reading(kind, name, figures);
  }

  private static @Nullable Object present(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case Optional<?> o -> o.orElse(null);
      case OptionalInt o -> o.isPresent() ? o.getAsInt() : null;
      case OptionalLong o -> o.isPresent() ? o.getAsLong() : null;
      case OptionalDouble o -> o.isPresent() ? o.getAsDouble() : null;
      default -> value;
    };
  }

  private static Object figure(Object value) {
    if (value instanceof Number n) return n;
    if (value instanceof Duration d) return d.toNanos() / 1e9;
    return String.valueOf(value);
  }
}
