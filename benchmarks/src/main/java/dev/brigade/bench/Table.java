package dev.brigade.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The rows of one bench for people: aligned columns, and whether each goal is met. */
final class Table {
  private static final List<String> HEAD =
      List.of(
          "case",
          "ours",
          "peer",
          "unit",
          "ours/peer",
          "goal",
          "met",
          "peer (range of rounds: ours, peer)");
  private static final List<Boolean> RIGHT =
      List.of(false, true, true, false, true, true, false, false);

  private Table() {}

  static String of(Bench bench, List<Row> rows) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(HEAD);
    for (Row row : rows) lines.add(cells(row));
    var text = new StringBuilder(bench.name()).append(": ").append(bench.about()).append('\n');
    for (var line : lines) {
      text.append(' ');
      for (int c = 0; c < line.size(); c++) {
        int column = c;
        int width = lines.stream().mapToInt(l -> l.get(column).length()).max().orElse(0);
        String gap = " ".repeat(width - line.get(c).length());
        text.append(' ').append(RIGHT.get(c) ? gap + line.get(c) : line.get(c) + gap).append(' ');
      }
      text.setLength(text.toString().stripTrailing().length());
      text.append('\n');
    }
    return text.toString();
  }

  private static List<String> cells(Row row) {
    Metric metric = row.metric();
    Double goal = row.goal();
    Boolean met = row.met();
    String last = row.peerName();
    if (row.skipped() != null) last += ": skipped, " + row.skipped();
    else last += " (" + range(row.ours()) + ", " + range(row.peer()) + ")";
    if (row.note() != null) last += " [" + row.note() + "]";
    return List.of(
        metric.caseName(),
        value(row.ours()),
        value(row.peer()),
        metric.unit(),
        Double.isNaN(row.ratio()) ? "-" : ratio(row.ratio()),
        goal == null ? "" : (metric.better() == Metric.Better.LOWER ? "<= " : ">= ") + ratio(goal),
        met == null ? "" : met ? "yes" : "NO",
        last);
  }

  private static String value(@Nullable Spread side) {
    return side == null ? "-" : number(side.median());
  }

  private static String range(@Nullable Spread side) {
    return side == null ? "-" : number(side.min()) + ".." + number(side.max());
  }

  private static String ratio(double ratio) {
    return String.format(Locale.ROOT, "%.2f", ratio);
  }

  private static String number(double value) {
    double size = Math.abs(value);
    return String.format(
        Locale.ROOT,
        size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f",
        value);
  }
}
