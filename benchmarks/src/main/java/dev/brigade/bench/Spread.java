package dev.brigade.bench;

import java.util.List;

/** Median and range of one side's rounds. */
public record Spread(double median, double min, double max, int rounds) {
  static Spread of(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int n = sorted.length;
    if (n == 0) throw new IllegalArgumentException("values: must not be empty");
    double median = n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
    return new Spread(median, sorted[0], sorted[n - 1], n);
  }
}
