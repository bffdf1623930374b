package dev.brigade.bench;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of output: ours against one peer in one case. A side that could not be measured is null,
 * and {@code skipped} says why.
 */
public record Row(
    String bench,
    Metric metric,
    String peerName,
    @Nullable Spread ours,
    @Nullable Spread peer,
    @Nullable String note,
    @Nullable String skipped) {

  /** ours / peer, or NaN when one side is missing. */
  public double ratio() {
    return ours == null || peer == null ? Double.NaN : ours.median() / peer.median();
  }

  public @Nullable Double goal() {
    return metric.goals().get(peerName);
  }

  /** Null when there is no goal, or nothing to hold against it. */
  public @Nullable Boolean met() {
    Double goal = goal();
    return goal == null || Double.isNaN(ratio()) ? null : metric.met(ratio(), goal);
  }

  /** The row as one JSON object on one line. */
  public String json() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("bench", bench);
    fields.put("case", metric.caseName());
    if (ours != null) fields.put("ours", ours.median());
    if (peer != null) fields.put("peer", peer.median());
    fields.put("peer_name", peerName);
    fields.put("unit", metric.unit());
    fields.put("better", metric.better().name().toLowerCase(Locale.ROOT));
    if (!Double.isNaN(ratio())) fields.put("ratio", ratio());
    Double goal = goal();
    if (goal != null) fields.put("goal", goal);
    Boolean met = met();
    if (met != null) fields.put("met", met);
    if (ours != null) {
      fields.put("rounds", peer == null ? ours.rounds() : Math.min(ours.rounds(), peer.rounds()));
      fields.put("ours_min", ours.min());
      fields.put("ours_max", ours.max());
    }
    if (peer != null) {
      fields.put("peer_min", peer.min());
      fields.put("peer_max", peer.max());
    }
    if (note != null) fields.put("note", note);
    if (skipped != null) fields.put("skipped", skipped);
    var line = new StringBuilder("{");
    fields.forEach((key, value) -> {
      if (line.length() > 1) line.append(", ");
      line.append(quote(key)).append(": ");
      line.append(
          switch (value) {
            case Double d -> number(d);
            case String s -> quote(s);
            default -> value.toString();
          });
    });
    return line.append('}').toString();
  }

  private static String number(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) return "null";
    return new BigDecimal(value).round(new MathContext(5)).stripTrailingZeros().toPlainString();
  }

  private static String quote(String text) {
    var quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\t' -> quoted.append("\\t");
        default -> {
          if (c < ' ') quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          else quoted.append(c);
        }
      }
    }
    return quoted.append('"').toString();
  }
}
