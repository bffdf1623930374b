package dev.brigade.cli.compare;

import dev.brigade.auto.Advice;
import dev.brigade.cli.terminal.Json;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One kind of work, measured in all ways.
 *
 * @param ways sequential first, auto among them
 */
record Comparison(
    String kind, String what, int items, int limit, int cores, Demand demand, List<Measured> ways) {

  Measured of(Way way) {
    return find(way).orElseThrow();
  }

  /** Empty if it was not tried. */
  Optional<Measured> find(Way way) {
    return ways.stream().filter(m -> m.way() == way).findFirst();
  }

  double speedUp(Measured measured) {
    return of(Way.SEQUENTIAL).median() / measured.median();
  }

  double speedUp(Way way) {
    return speedUp(of(way));
  }

  /** The highest speed-up possible. */
  double ideal() {
    return demand.idealSpeedUp(items, limit, cores);
  }

  /** What keeps it from being faster still. */
  Demand.Bound bound() {
    return demand.bound(items, limit, cores);
  }

  /**
   * How many times its fastest round the slowest round of the same way took, at most. Without auto,
   * whose rounds may differ because it chose differently, and processes, which warm up by
   * themselves.
   */
  double spread() {
    return plain().mapToDouble(m -> m.worst() / m.best()).max().orElse(1);
  }

  double shareOfIdeal(Measured measured) {
    return speedUp(measured) / ideal();
  }

  /** The fastest of those that do several items at once, auto left out. */
  Measured fastest() {
    return fastest(ways.stream().filter(m -> Way.AT_ONCE.contains(m.way())));
  }

  /** The fastest of those in this process, auto left out. */
  Measured bestPlain() {
    return fastest(plain());
  }

  private Stream<Measured> plain() {
    return ways.stream().filter(m -> m.way() != Way.AUTO && m.way() != Way.PROCESSES);
  }

  private static Measured fastest(Stream<Measured> among) {
    return among.min(Comparator.comparingDouble(Measured::median)).orElseThrow();
  }

  Map<String, @Nullable Object> toJson() {
    List<?> measured = ways.stream().map(this::toJson).toList();
    return Json.object(
        "kind", kind,
        "work", what,
        "items", items,
        "limit", limit,
        "demand", demand.toJson(),
        "idealSpeedUp", ideal(),
        "bound", bound().name(),
        "ways", measured,
        "lesson", Lesson.of(this));
  }

  private Map<String, @Nullable Object> toJson(Measured m) {
    return Json.object(
        "way", m.way().label(),
        "atOnce", m.atOnce(),
        "seconds", m.seconds(),
        "medianSeconds", m.median(),
        "bestSeconds", m.best(),
        "worstSeconds", m.worst(),
        "speedUp", speedUp(m),
        "shareOfIdeal", shareOfIdeal(m),
        "startSeconds", m.startSeconds().orElse(null),
        "peakMemoryBytes", m.peakBytes().orElse(null),
        "advice", m.advice().stream().map(Comparison::toJson).toList());
  }

  private static Map<String, @Nullable Object> toJson(Advice advice) {
    return Json.object(
        "work", advice.work().name().toLowerCase(Locale.ROOT),
        "engine", advice.choice().engine(),
        "limit", advice.choice().limit(),
        "adaptive", advice.choice().adaptive(),
        "why", advice.why(),
        "code", advice.code());
  }
}
