package dev.brigade.cli.compare;

import dev.brigade.cli.terminal.Json;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One kind of work, measured in all ways.
 *
 * @param ways sequential first
 */
record Comparison(
    String kind, String what, int items, int limit, int cores, Demand demand, List<Measured> ways) {

  Measured of(Way way) {
    return ways.stream().filter(m -> m.way() == way).findFirst().orElseThrow();
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

  /** How many times its fastest round the slowest round of the same way took, at most. */
  double spread() {
    return ways.stream().mapToDouble(m -> m.worst() / m.best()).max().orElse(1);
  }

  double shareOfIdeal(Measured measured) {
    return speedUp(measured) / ideal();
  }

  /** The fastest that is not sequential. */
  Measured fastest() {
    return ways.stream()
        .filter(m -> m.way() != Way.SEQUENTIAL)
        .min(Comparator.comparingDouble(Measured::median))
        .orElseThrow();
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
        "peakMemoryBytes", m.peakBytes().orElse(null));
  }
}
