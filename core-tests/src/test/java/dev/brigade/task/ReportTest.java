package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.engine.Engine;
import dev.brigade.observe.Observers;
import dev.brigade.testing.SerialisingEngine;
import dev.brigade.testing.VirtualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The page that a fan-out leaves about itself. */
@HangGuard
class ReportTest {
  private static final Pattern RUN =
      Pattern.compile("data-kind=\"run\"[^>]*data-outcome=\"(\\w+)\"");

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void chooseFile() {
    file = folder.resolve("page.html");
  }

  @AfterEach
  void nobodyListensAnyMore() throws IOException {
    assertFalse(Observers.present());
    try (Stream<Path> all = Files.list(folder)) {
      assertTrue(all.allMatch(f -> f.getFileName().toString().endsWith(".html")));
    }
  }

  private List<String> outcomes() throws IOException {
    return RUN.matcher(Files.readString(file)).results().map(m -> m.group(1)).sorted().toList();
  }

  private List<String> text(String regex) throws IOException {
    return Pattern.compile(regex)
        .matcher(Files.readString(file))
        .results()
        .map(MatchResult::group)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void aBarForEachItemOnEveryEngine(EachEngine.Opener opener) throws Exception {
    try (Engine e = opener.open()) {
      assertEquals(List.of(2, 3, 4), Tasks.on(e).report(file).map(List.of(1, 2, 3), i -> i + 1));
    }
    assertEquals(List.of("SUCCESS", "SUCCESS", "SUCCESS"), outcomes());
  }

  @Test
  void aBarForEachItemOnAnEngineElsewhere() throws Exception {
    try (Engine e = SerialisingEngine.open()) {
      assertEquals(List.of(2, 3, 4), Tasks.on(e).report(file).map(List.of(1, 2, 3), i -> i + 1));
    }
    assertEquals(List.of("SUCCESS", "SUCCESS", "SUCCESS"), outcomes());
  }

  @Test
  void thePageIsWrittenWhenTheWorkFails() throws Exception {
    var failure = new IOException("no such shop");
    var stuck = new Stuck();
    Throwable thrown =
        assertThrows(
            IOException.class,
            () ->
                Tasks.report(file)
                    .map(
                        List.of(0, 1),
                        i -> {
                          if (i == 0) return stuck.block();
                          stuck.awaitBegun();
                          throw failure;
                        }));
    assertSame(failure, thrown);
    assertEquals(List.of("CANCELLED", "FAILED"), outcomes());
    assertEquals(1, text("It ended with IOException: no such shop").size());
  }

  @Test
  void onlyTheFanOutAndWhatIsBelowItIsShown() throws Exception {
    Tasks.runScope(s -> {
      s.run(
          "around",
          () ->
              Tasks.named("reported")
                  .report(file)
                  .runScope(r -> r.run("inside", () -> Tasks.map(List.of(1, 2), i -> i))));
      s.run("beside", () -> {});
    });
    assertEquals(3, outcomes().size());
    assertEquals(List.of(), text("around|beside"));
    assertEquals(List.of("<h1>reported"), text("<h1>reported"));
  }

  @Test
  void reportsNest() throws Exception {
    Path inner = folder.resolve("inner.html");
    Tasks.report(file)
        .forEach(List.of(1), i -> Tasks.report(inner).forEach(List.of(1, 2, 3), j -> {}));
    assertEquals(4, outcomes().size());
    file = inner;
    assertEquals(3, outcomes().size());
  }

  @Test
  void openFormsAreReportedWhenTheyAreClosed() throws Exception {
    CancelSource source = new CancelSource();
    try (var done =
        Tasks.limit(2)
            .cancelledBy(source.token())
            .report(file)
            .asCompleted(List.of(1, 2, 3), i -> i)) {
      for (var c : done) assertTrue(c.outcome() instanceof Outcome.Success);
      assertFalse(Files.exists(file));
    }
    assertEquals(List.of("SUCCESS", "SUCCESS", "SUCCESS"), outcomes());
  }

  @Test
  void contestsScopesAndBranchesAreReported() throws Exception {
    int one = Tasks.report(file).<Integer, RuntimeException>any(() -> 1, () -> 1);
    assertEquals(1, one);
    assertFalse(outcomes().isEmpty());
    int three = Tasks.report(file).supervise(s -> s.fork("kept apart", () -> 3).join());
    assertEquals(3, three);
    assertEquals(1, text("<li><bdi>kept apart").size());
    var both = Tasks.report(file).all(() -> 1, () -> "b");
    assertEquals("b", both.second());
    assertEquals(2, outcomes().size());
  }

  @Test
  void aDeadlineThatStruckIsSaid() throws Exception {
    var stuck = new Stuck();
    assertThrows(
        DeadlineException.class,
        () ->
            Tasks.within(Duration.ofMillis(20))
                .report(file)
                .forEach(List.of(1), i -> stuck.block()));
    assertEquals(List.of("CANCELLED"), outcomes());
    assertEquals(1, text("It ended with DeadlineException").size());
  }

  @Test
  void aFanOutThatNeverBeganHasAPageThatSaysSo() throws Exception {
    CancelSource source = new CancelSource();
    source.cancel("not today");
    assertThrows(
        CancelledException.class,
        () -> Tasks.cancelledBy(source.token()).report(file).map(List.of(1), i -> i));
    assertEquals(1, text("Nothing ran").size());
  }

  @Test
  void timesAreOnTheClockOfTheScope() throws Exception {
    Tasks.time(new VirtualClock())
        .report(file)
        .forEach(List.of(1, 2), i -> Tasks.sleep(Duration.ofHours(i)));
    assertEquals(
        1, text("data-kind=\"run\" data-start=\"\\d+\" data-end=\"3600000\\d{6}\"").size());
    assertEquals(1, text("<dt>took</dt><dd><b>2 h 0 min").size());
  }

  @Test
  void anInterruptedCallerHasAPage() throws Exception {
    var stuck = new Stuck();
    Thread.currentThread().interrupt();
    assertThrows(
        InterruptedException.class, () -> Tasks.report(file).map(List.of(1), i -> stuck.block()));
    assertEquals(List.of("CANCELLED"), outcomes());
    assertFalse(Thread.interrupted());
  }

  @Test
  void theResultIsNotLostWhenThePageCannotBeWritten() throws Exception {
    Path nowhere = folder.resolve("no/such/folder/page.html");
    var logged = new StringBuilder();
    Logger logger = Logger.getLogger("dev.brigade");
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord r) {
            logged.append(r.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
    try {
      assertEquals(List.of(2), Tasks.report(nowhere).map(List.of(1), i -> i + 1));
    } finally {
      logger.setUseParentHandlers(true);
      logger.removeHandler(handler);
    }
    assertEquals("the report could not be written to " + nowhere, logged.toString());
  }

  @Test
  void moreEventsThanThereIsRoomForAreCounted() throws Exception {
    int items = Reporting.EVENTS / 2 + 100;
    Tasks.limit(4).report(file).forEach(IntStream.range(0, items).boxed().toList(), i -> {});
    assertEquals(1, text("more were not recorded").size());
    assertTrue(Files.size(file) < 300_000);
  }

  @Test
  void aMissingFileIsRefused() {
    assertThrows(NullPointerException.class, () -> Tasks.report(null));
    assertTrue(Tasks.report(file).toString().contains("reported to " + file));
  }
}
