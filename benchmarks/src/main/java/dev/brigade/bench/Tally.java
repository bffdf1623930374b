package dev.brigade.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Collects what the rounds of one case found, and turns it into rows: ours, the first side, against
 * each other side.
 */
public final class Tally implements Rounds.Listener {
  private final String bench;
  private final List<Metric> metrics;
  private final List<String> sides;
  private final Map<String, List<double[]>> samples = new HashMap<>();
  private final Map<String, String> skipped = new HashMap<>();
  private final Map<String, String> notes = new HashMap<>();

  /** A sample of this case has one value for each of the metrics, in their order. */
  public Tally(String bench, List<Metric> metrics, List<String> sides) {
    this.bench = bench;
    this.metrics = List.copyOf(metrics);
    this.sides = List.copyOf(sides);
  }

  @Override
  public void sampled(String side, double[] values) {
    if (values.length != metrics.size())
      throw new IllegalArgumentException(
          side + ": expected " + metrics.size() + " values, got " + values.length);
    samples.computeIfAbsent(side, s -> new ArrayList<>()).add(values);
  }

  @Override
  public void skipped(String side, String why) {
    skipped.putIfAbsent(side, why);
  }

  /** The side was stopped while it ran. What it has counts if that is enough for a median. */
  void unfinished(String side, String why) {
    int rounds = samples.getOrDefault(side, List.of()).size();
    if (rounds < Rounds.AT_LEAST) skipped(side, why);
    else noted(side, why + " in round " + (rounds + 1));
  }

  @Override
  public void noted(String side, String note) {
    notes.put(side, note);
  }

  public List<Row> rows() {
    var rows = new ArrayList<Row>();
    String ours = sides.getFirst();
    for (int m = 0; m < metrics.size(); m++)
      for (String peer : sides.subList(1, sides.size())) rows.add(row(m, ours, peer));
    return rows;
  }

  private Row row(int metric, String ours, String peer) {
    String why = skipped.containsKey(ours) ? "ours: " + skipped.get(ours) : skipped.get(peer);
    if (why == null && !(samples.containsKey(ours) && samples.containsKey(peer)))
      why = "no round was measured in the time given";
    return new Row(
        bench,
        metrics.get(metric),
        peer,
        skipped.containsKey(ours) ? null : spread(metric, ours),
        skipped.containsKey(peer) ? null : spread(metric, peer),
        notes.get(peer),
        why);
  }

  private @Nullable Spread spread(int metric, String side) {
    List<double[]> all = samples.get(side);
    return all == null ? null : Spread.of(all.stream().map(values -> values[metric]).toList());
  }
}
