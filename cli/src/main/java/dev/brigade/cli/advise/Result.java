package dev.brigade.cli.advise;

import dev.brigade.auto.Advice;
import dev.brigade.cli.terminal.Figures;
import dev.brigade.cli.terminal.Json;
import dev.brigade.cli.terminal.Lines;
import dev.brigade.cli.terminal.Terminal;
import dev.brigade.engine.Engine;
import dev.brigade.task.FanOut;
import dev.brigade.task.Fn;
import dev.brigade.task.Outcome;
import dev.brigade.task.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found.
 *
 * @param failures one line for each item that failed
 */
public record Result(Advice advice, List<String> failures) {

  /** Runs every item once, and measures. */
  public static <A> Result measured(List<A> items, Fn<A, ?, Exception> f, int limit)
      throws InterruptedException {
    return measured(items, f, limit, null);
  }

  /**
   * Runs every item once, and measures.
   *
   * @param elsewhere what else may be tried, outside of this JVM, or null
   */
  public static <A> Result measured(
      List<A> items, Fn<A, ?, Exception> f, int limit, @Nullable Engine elsewhere)
      throws InterruptedException {
    FanOut auto = elsewhere == null ? Tasks.auto() : Tasks.auto(elsewhere);
    List<Outcome<Object>> outcomes = auto.limit(limit).settle(items, f);
    return new Result(Advice.of(outcomes), failures(items, outcomes));
  }

  static <A> List<String> failures(List<A> items, List<? extends Outcome<?>> outcomes) {
    var failures = new ArrayList<String>();
    for (int i = 0; i < items.size(); i++)
      if (outcomes.get(i) instanceof Outcome.Failed<?>(Throwable failure)) {
        String message = String.valueOf(failure.getMessage());
        String item = items.get(i).toString();
        String what = failure.getMessage() == null ? failure.toString() : message;
        failures.add(what.contains(item) ? what : item + ": " + what);
      }
    return failures;
  }

  /** Whether it computes or contends for a lock: what waits gains nothing from processes. */
  public boolean mayGainFromProcesses() {
    return advice.work() == Advice.Work.CONTENDS || advice.work() == Advice.Work.COMPUTES;
  }

  /** For machines. */
  public String json() {
    return "{\"advice\":" + advice.toJson() + ",\"failures\":" + Json.write(failures) + "}";
  }

  /** For people. */
  public void print(Terminal terminal) {
    String code = advice.code();
    String text = advice.toString().replace(" Write: " + code, "");
    for (String line : Lines.wrapped(text, Lines.COLUMNS)) terminal.out().println(line);
    terminal.out().println();
    terminal.out().println("    " + terminal.bold(code));
  }

  /** For people who want to know. */
  public void printEvidence(Terminal terminal) {
    Advice.Evidence e = advice.evidence();
    var out = terminal.out();
    out.println();
    out.println(terminal.bold("Evidence"));
    row(
        terminal,
        "items",
        e.items() + ", of which " + e.measured() + " were measured to their end");
    row(terminal, "threads", e.threads() + " on " + e.cores() + " cores");
    row(terminal, "time in items", time(e.wall()));
    row(terminal, "  on a core", time(e.cpu()));
    row(terminal, "  in the queue for one", time(e.queued()));
    row(terminal, "busy", Figures.percent(e.busy()) + " of what is known, without the queue");
    String where = e.lockedAt().isEmpty() ? "" : ", in " + e.lockedAt();
    row(terminal, "waiting for locks", Figures.percent(e.locked()) + where);
    if (!e.caveat().isEmpty()) row(terminal, "but", e.caveat());
    out.println();
    out.println(terminal.bold("What each way would take, worked out from that"));
    for (Advice.Estimate estimate : advice.estimates())
      row(
          terminal,
          estimate.way() + " (" + estimate.limit() + " at once)",
          time(estimate.time()) + (estimate.chosen() ? "   chosen" : ""));
    if (advice.path().isEmpty()) return;
    out.println();
    out.println(terminal.bold("The limit over time"));
    for (Advice.Step step : advice.path())
      row(terminal, "after " + time(step.after()), String.valueOf(step.limit()));
  }

  private static void row(Terminal terminal, String what, String value) {
    String lead = String.format("  %-26s ", what);
    for (String line : Lines.wrapped(value, Lines.COLUMNS - lead.length())) {
      terminal.out().println(lead + line);
      lead = " ".repeat(lead.length());
    }
  }

  private static String time(Duration d) {
    return Figures.seconds(d.toNanos() / 1e9);
  }
}
