package dev.brigade.observe;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

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
   * anything else as text.
   */
  public static Reading of(String kind, String name, Record statistics) {
    var figures = new LinkedHashMap<String, Object>();
    for (RecordComponent c : statistics.getClass().getRecordComponents()) {
      try {
        figures.put(c.getName(), figure(c.getAccessor().invoke(statistics)));
      } catch (ReflectiveOperationException e) {
        throw new IllegalArgumentException("not a public record: " + statistics.getClass(), e);
      }
    }
    return new Reading(kind, name, figures);
  }

  private static Object figure(@org.jspecify.annotations.Nullable Object value) {
    if (value instanceof Number n) return n;
    if (value instanceof Duration d) return d.toNanos() / 1e9;
    return String.valueOf(value);
  }
}
