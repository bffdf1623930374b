package dev.brigade.bench;

import java.util.HashMap;
import java.util.Map;

/**
 * What one case measures: its name and unit, which direction is better, and the ratio ours / peer
 * that is the goal against each peer (no entry: no goal is set, the row informs).
 */
public record Metric(String caseName, String unit, Better better, Map<String, Double> goals) {
  /** Which of two values is the better one. */
  public enum Better {
    LOWER,
    HIGHER
  }

  public Metric {
    goals = Map.copyOf(goals);
  }

  public static Metric lower(String caseName, String unit) {
    return new Metric(caseName, unit, Better.LOWER, Map.of());
  }

  public static Metric higher(String caseName, String unit) {
    return new Metric(caseName, unit, Better.HIGHER, Map.of());
  }

  /** The same metric with a goal: the ratio ours / peer at worst. */
  public Metric withGoal(String peer, double ratio) {
    var all = new HashMap<>(goals);
    all.put(peer, ratio);
    return new Metric(caseName, unit, better, all);
  }

  /** The same metric of another case. */
  Metric withCaseName(String other) {
    return new Metric(other, unit, better, goals);
  }

  boolean met(double ratio, double goal) {
    return better == Better.LOWER ? ratio <= goal : ratio >= goal;
  }
}
