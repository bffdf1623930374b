package dev.brigade.cli.compare;

import dev.brigade.cli.terminal.Json;
import dev.brigade.cli.terminal.StatusLine;
import dev.brigade.cli.terminal.Terminal;
import dev.brigade.cli.terminal.Timeline;
import dev.brigade.observe.TaskEvent;
import dev.brigade.report.Recording;
import dev.brigade.task.Tasks;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One run of the comparison: prints for people as it goes, or one JSON document in the end. */
public final class ComparisonRun {
  private static final int PROBES_AT_ONCE = 2;
  private static final int COOKS_RUNS = 3;
  private static final int FAILURES_SHOWN = 5;

  private final Terminal terminal;
  private final Settings settings;
  private final boolean json;
  private final @Nullable Path html;
  private final @Nullable ComparisonPage page;
  private final Report report;
  private final Map<String, @Nullable Object> document;

  /**
   * Writes to the terminal's standard output, as JSON if so asked.
   *
   * @param html where a page about it goes too, or null for none
   */
  public ComparisonRun(Terminal terminal, Settings settings, boolean json, @Nullable Path html) {
    this.terminal = terminal;
    this.settings = settings.recorded(html != null);
    this.json = json;
    this.html = html;
    this.report = new Report(terminal);
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    this.document =
        Json.object(
            "cores", settings.cores(),
            "jdk", Runtime.version().toString(),
            "system", System.getProperty("os.name") + " " + System.getProperty("os.arch"),
            "loadBefore", load < 0 ? null : load,
            "settings", settings.toJson());
    this.page = html == null ? null : new ComparisonPage(settings, load);
    if (!json && load > settings.cores())
      terminal
          .err()
          .printf(
              "Other programs are busy here (load %.1f on %d cores): figures will vary.%n%n",
              load, settings.cores());
    terminal.flush();
  }

  /** The two timelines, then these kinds of work. */
  public void builtIn(List<BuiltIn> kinds, boolean quick, int limit) throws Exception {
    try (StatusLine status = new StatusLine(terminal)) {
      cooks(status);
      var all = new ArrayList<@Nullable Object>();
      boolean served = kinds.stream().anyMatch(BuiltIn::needsServer);
      try (DelayServer server = served ? DelayServer.open() : null) {
        int port = server == null ? 0 : server.port();
        for (BuiltIn kind : kinds) all.add(builtIn(kind, quick, limit, port, status));
      }
      document.put("kinds", all);
    }
    finish(true);
  }

  private Map<String, @Nullable Object> builtIn(
      BuiltIn kind, boolean quick, int limit, int port, StatusLine status) throws Exception {
    try (Workload work = kind.open(quick, limit, port)) {
      var measurement = new Measurement(work, settings, status::show);
      Comparison comparison = measurement.run(ways -> probes(kind, ways, quick, limit, port));
      return show(comparison, measurement, status);
    }
  }

  private static List<Optional<Long>> probes(
      BuiltIn kind, List<Way> ways, boolean quick, int limit, int port)
      throws InterruptedException {
    return Tasks.limit(PROBES_AT_ONCE)
        .map(ways, way -> MemoryProbe.peakBytes(kind, way, quick, limit, port));
  }

  /** The user's own work. Returns how many of its items failed. */
  public int own(OwnWork work) throws Exception {
    if (!json) report.announce(work, settings.maxRounds());
    terminal.flush();
    try (StatusLine status = new StatusLine(terminal)) {
      work.run(0);
      var measurement = new Measurement(work, settings, status::show);
      Comparison comparison =
          measurement.run(ways -> Collections.nCopies(ways.size(), Optional.empty()));
      document.put("kinds", List.of(show(comparison, measurement, status)));
    }
    List<String> failures = work.failures();
    document.put("failures", failures);
    if (page != null) page.failures(failures);
    finish(false);
    for (String line : failures.stream().limit(FAILURES_SHOWN).toList())
      terminal.err().println("failed: " + line);
    if (failures.size() > FAILURES_SHOWN)
      terminal.err().println("... and " + (failures.size() - FAILURES_SHOWN) + " more");
    return failures.size();
  }

  /** Of three runs each, taking turns, those with the middle time are shown. */
  private void cooks(StatusLine status) throws InterruptedException {
    status.show("two tasks, one cook or two");
    int portions = Cooks.portionsOfStep();
    // Once unseen: the first run is busy with loading the library.
    var unused = Cooks.watch(2, 1);
    var one = new ArrayList<Recording>();
    var two = new ArrayList<Recording>();
    for (int i = 0; i < COOKS_RUNS; i++) {
      one.add(Cooks.watch(1, portions));
      two.add(Cooks.watch(2, portions));
    }
    document.put("timelines", Json.object("oneThread", timeline(one), "twoThreads", timeline(two)));
    status.close();
    Timeline single = Timeline.of(middle(one).events());
    Timeline both = Timeline.of(middle(two).events());
    if (!json) report.timelines(single, both, settings.cores());
    if (page != null)
      page.cooks(middle(one), middle(two), Report.cooksLesson(single, both, settings.cores()));
    terminal.flush();
  }

  private static Recording middle(List<Recording> runs) {
    return runs.stream()
        .sorted(Comparator.comparingLong(run -> Timeline.of(run.events()).nanos()))
        .toList()
        .get(runs.size() / 2);
  }

  private Map<String, @Nullable Object> show(
      Comparison comparison, Measurement measurement, StatusLine status) {
    status.close();
    if (!json) report.comparison(comparison);
    if (page != null) page.comparison(comparison, measurement.fastestRounds());
    if (measurement.leftOut() != null) terminal.err().println(measurement.leftOut());
    terminal.flush();
    return comparison.toJson();
  }

  private void finish(boolean memory) throws IOException {
    if (html != null && page != null) {
      page.write(html, memory);
      document.put("html", html.toString());
    }
    if (json) terminal.out().println(Json.write(document));
    else report.explanation(settings, memory);
    if (!json && html != null) report.page(html);
    terminal.flush();
  }

  private static Map<String, @Nullable Object> timeline(List<Recording> runs) {
    List<TaskEvent> events = middle(runs).events();
    Timeline timeline = Timeline.of(events);
    long start = events.stream().mapToLong(TaskEvent::nanos).min().orElse(0);
    List<?> all =
        events.stream()
            .sorted(Comparator.comparingLong(TaskEvent::nanos))
            .map(e ->
                Json.object(
                    "nanos", e.nanos() - start,
                    "event", e.kind().name(),
                    "name", e.name(),
                    "task", e.task(),
                    "thread", e.thread()))
            .toList();
    return Json.object(
        "nanos", timeline.nanos(),
        "nanosOfEachRun", runs.stream().map(run -> Timeline.of(run.events()).nanos()).toList(),
        "overlapNanos", timeline.overlapNanos(),
        "threads", timeline.threads().size(),
        "events", all);
  }
}
