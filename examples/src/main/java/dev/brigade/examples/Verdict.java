package dev.brigade.examples;

import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one run of an example found.
 *
 * @param example its name
 * @param rows the measurements, in the order in which they were made
 */
public record Verdict(String example, List<Row> rows) {
  /**
   * One measurement.
   *
   * @param what the thing measured
   * @param claimed what it should be, or null where it is for information only
   * @param measured what it was here
   * @param holds whether both agree; true where it is for information only
   */
  public record Row(String what, @Nullable String claimed, String measured, boolean holds) {}

  /** Keeps the rows as they are now. */
  public Verdict {
    rows = List.copyOf(rows);
  }

  /** Whether anything was asserted, and all of it was as claimed. */
  public boolean holds() {
    return rows.stream().anyMatch(r -> r.claimed() != null) && rows.stream().allMatch(Row::holds);
  }

  void print(PrintStream out) {
    int what = width("", rows.stream().map(Row::what).toList());
    int claimed = width("claimed", rows.stream().map(Verdict::claimed).toList());
    int measured = width("measured here", rows.stream().map(Row::measured).toList());
    String form = "  %-" + what + "s  %-" + claimed + "s  %-" + measured + "s  %s%n";
    out.printf(form, "", "claimed", "measured here", "");
    for (Row r : rows) {
      String mark = r.claimed() == null ? "" : r.holds() ? "holds" : "DOES NOT HOLD";
      out.printf(form, r.what(), claimed(r), r.measured(), mark);
    }
    out.println(holds() ? "  The claim holds here." : "  The claim DOES NOT HOLD here.");
  }

  private static String claimed(Row row) {
    return row.claimed() == null ? "-" : row.claimed();
  }

  private static int width(String heading, List<String> cells) {
    return cells.stream().mapToInt(String::length).reduce(heading.length() + 1, Math::max);
  }
}
