package dev.brigade.examples;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Takes down what an example measures, beside what was claimed. */
public final class Report {
  private final PrintStream out;
  private final List<Verdict.Row> rows = new ArrayList<>();

  Report(PrintStream out) {
    this.out = out;
  }

  /**
   * Something that must be exactly as claimed.
   *
   * @param what the thing measured
   * @param claimed what it should be
   * @param measured what it was
   */
  public void equal(String what, @Nullable Object claimed, @Nullable Object measured) {
    boolean holds = Objects.equals(claimed, measured);
    add(what, text(claimed), text(measured), holds);
  }

  /**
   * Something that must be as claimed in words.
   *
   * @param what the thing measured
   * @param claimed what should be, in words
   * @param measured what was
   * @param holds whether they agree
   */
  public void check(String what, String claimed, @Nullable Object measured, boolean holds) {
    add(what, claimed, text(measured), holds);
  }

  /**
   * Something that depends on the machine: printed, not asserted.
   *
   * @param what the thing measured
   * @param measured what it was
   */
  public void info(String what, @Nullable Object measured) {
    add(what, null, text(measured), true);
  }

  /**
   * A time that something took: printed, not asserted.
   *
   * @param what the thing that took it
   * @param nanos how long
   */
  public void time(String what, long nanos) {
    double millis = Duration.ofNanos(nanos).toNanos() / 1e6;
    info(what, String.format(Locale.ROOT, "%.1f ms", millis));
  }

  /**
   * A line of a picture, printed as it is.
   *
   * @param line the line
   */
  public void draw(String line) {
    out.println("  " + line);
  }

  Verdict verdict(String example) {
    return new Verdict(example, rows);
  }

  private static String text(@Nullable Object value) {
    if (!(value instanceof Collection<?> all)) return String.valueOf(value);
    return all.isEmpty() ? "none" : String.join(", ", all.stream().map(String::valueOf).toList());
  }

  private void add(String what, @Nullable String claimed, String measured, boolean holds) {
    rows.add(new Verdict.Row(what, claimed, measured, holds));
  }
}
