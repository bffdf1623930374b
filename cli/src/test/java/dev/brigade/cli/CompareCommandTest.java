package dev.brigade.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.brigade.cli.terminal.JsonReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompareCommandTest {
  @TempDir Path folder;

  private static Map<?, ?> map(Object value) {
    return (Map<?, ?>) value;
  }

  private static List<?> list(Map<?, ?> document, String name) {
    return (List<?>) Objects.requireNonNull(document.get(name), name);
  }

  @Test
  void jsonHasEveryFigureBehindTheComparison() {
    Run run = Run.of("compare", "--quick", "--only", "io,lock", "--rounds", "1", "--json");
    assertEquals(0, run.code(), run.err());
    Map<?, ?> document = JsonReader.object(run.out());
    Map<?, ?> timelines = map(Objects.requireNonNull(document.get("timelines")));
    Map<?, ?> one = map(Objects.requireNonNull(timelines.get("oneThread")));
    assertEquals(1.0, one.get("threads"));
    assertEquals(0.0, one.get("overlapNanos"));
    assertEquals(24, list(one, "events").size());
    List<?> kinds = list(document, "kinds");
    assertEquals(List.of("io", "lock"), kinds.stream().map(k -> map(k).get("kind")).toList());
    for (Object kind : kinds) {
      List<?> ways = list(map(kind), "ways");
      boolean travels = "lock".equals(map(kind).get("kind"));
      assertEquals(
          travels
              ? List.of("sequential", "threads", "virtual", "cores", "processes", "auto")
              : List.of("sequential", "threads", "virtual", "cores", "auto"),
          ways.stream().map(w -> map(w).get("way")).toList());
      for (Object way : ways)
        assertEquals(
            "processes".equals(map(way).get("way")), map(way).get("startSeconds") != null, "start");
      for (Object way : ways) assertEquals(1, list(map(way), "seconds").size());
      for (Object way : ways.subList(0, 4)) assertEquals(List.of(), list(map(way), "advice"));
      assertEquals(1.0, map(ways.getFirst()).get("speedUp"));
      Map<?, ?> auto = map(ways.getLast());
      Map<?, ?> advice = map(list(auto, "advice").getFirst());
      assertEquals(auto.get("atOnce"), advice.get("limit"));
      String lesson = String.valueOf(map(kind).get("lesson"));
      assertTrue(lesson.contains(" Auto ran them "), lesson);
    }
    assertEquals(40.0, map(kinds.getFirst()).get("idealSpeedUp"));
    assertEquals(1.0, map(kinds.getLast()).get("idealSpeedUp"));
  }

  @Test
  void textHasTheTimelinesThenATableAndALessonForEachKind() {
    Run run = Run.of("compare", "--quick", "--only", "files", "--rounds", "1");
    assertEquals(0, run.code(), run.err());
    List<String> lines = run.out().lines().toList();
    assertTrue(lines.getFirst().startsWith("One cook takes turns (1 thread)"), run.out());
    assertTrue(lines.get(1).matches(" {4}Task 1  [█░]+"), run.out());
    for (String way : List.of("sequential", "threads (60)", "virtual (60)", "cores (", "auto ("))
      assertEquals(1, lines.stream().filter(l -> l.startsWith("  " + way)).count(), way);
    assertEquals(3, lines.stream().filter(l -> l.startsWith("  → ")).count(), run.out());
    assertEquals(1, lines.stream().filter(l -> l.startsWith("  → Auto ran them ")).count());
    assertEquals(List.of(), lines.stream().filter(l -> l.length() > 80).toList());
  }

  @Test
  void ownCommandRunsInEachWayAndFailuresAreExitCodeOne() throws IOException {
    Path log = folder.resolve("log");
    String command = "echo {} >> '" + log + "'; test {} != bad";
    Run run = Run.of("compare", "--command", command, ":::", "good", "bad", "--json");
    assertEquals(1, run.code());
    // Once in each of the five ways, and the first once more; what follows ::: is never an option.
    List<String> ran = Files.readAllLines(log);
    assertEquals(6, ran.stream().filter("good"::equals).count());
    assertEquals(5, ran.stream().filter("bad"::equals).count());
    assertEquals(5, ran.stream().filter("--json"::equals).count());
    assertTrue(run.err().contains("exit code 1"), run.err());
  }

  @Test
  void ownAddressesAreFetchedInEachWay() throws IOException {
    var requests = new AtomicInteger();
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          int status = exchange.getRequestURI().getPath().equals("/missing") ? 404 : 200;
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
    try {
      String base = "http://localhost:" + server.getAddress().getPort();
      Path file = folder.resolve("urls");
      Files.writeString(file, "# ours\n" + base + "/a\n\n" + base + "/missing\n");
      Run run = Run.of("compare", "--urls", file.toString(), "--limit", "2", "--json");
      assertEquals(1, run.code(), run.err());
      Map<?, ?> document = JsonReader.object(run.out());
      assertEquals(List.of(base + "/missing: status 404"), list(document, "failures"));
      assertEquals(11, requests.get());
    } finally {
      server.stop(0);
    }
  }

  @Test
  void pageHasTheTableAndATimelineOfEachWayFromRealEvents() throws Exception {
    Path page = folder.resolve("page.html");
    Run run =
        Run.of(
            "compare", "--quick", "--only", "io,lock", "--rounds", "1", "--html", page.toString());
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().contains("The page is in " + page), run.out());
    String html = Files.readString(page);
    // Two cooks in eight steps each; 40 items in each of five ways and 60 in each of six, the timed
    // runs only.
    assertEquals(2 * 8 + 5 * 40 + 6 * 60, html.split("data-kind=\"run\"", -1).length - 1);
    assertEquals(2 + 5 + 6, html.split("data-exact", -1).length - 1);
    for (String text :
        List.of("One cook takes turns", "40 requests", "60 computations", "sequential"))
      assertTrue(html.contains(text), text);
    assertTrue(html.contains("of ideal"), "the table");
    try (var files = Files.list(folder)) {
      assertEquals(List.of(page), files.toList());
    }
  }

  @Test
  void pageOfOwnWorkNamesWhatFailedAndJsonStaysJson() throws Exception {
    Path page = folder.resolve("page.html");
    String[] args = {
      "compare",
      "--html",
      page.toString(),
      "--json",
      "--command",
      "test {} != '<bad>'",
      ":::",
      "good",
      "<bad>"
    };
    Run run = Run.of(args);
    assertEquals(1, run.code());
    assertEquals(page.toString(), JsonReader.object(run.out()).get("html"));
    String html = Files.readString(page);
    assertTrue(html.contains("&lt;bad&gt;") && !html.contains("<bad>"));
    assertEquals(5 * 2, html.split("data-kind=\"run\"", -1).length - 1);
  }

  @Test
  void whereThePageCannotBeWrittenNoWorkIsDone() throws Exception {
    Path ran = folder.resolve("ran");
    for (String wrong :
        List.of(folder.toString(), folder.resolve("no/page.html").toString(), "\0")) {
      Run run = Run.of("compare", "--html", wrong, "--command", "touch " + ran, ":::", "x");
      assertEquals(2, run.code());
      assertTrue(run.err().contains("--html: "), run.err());
    }
    assertTrue(Files.notExists(ran));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          --only fils | there is no kind of work 'fils'. Did you mean files?
          --limit 0 | --limit must be at least 1, but was 0.
          --limit x | 'x' is not a whole number
          --rounds -1 | --rounds must be at least 1, but was -1.
          extra | 'extra' is not expected here.
          --command true | --command needs arguments to run on.
          --command true a b | --command needs arguments to run on.
          --urls x --command true ::: a | exclude each other
          --urls /no/such/file | there is no file /no/such/file
          --urls x --only io | leave it out with your own work
          """)
  void wrongUseIsNamed(String args, String message) {
    Run run = Run.of(("compare " + args).split(" "));
    assertEquals(2, run.code());
    assertTrue(run.err().contains(message), run.err());
    assertEquals("", run.out());
  }

  @ParameterizedTest
  @CsvSource({"ftp://host/x", "not an address", "http:///nohost", "example.com"})
  void wrongAddressIsNamedWithItsLine(String address) throws IOException {
    Path file = folder.resolve("urls");
    Files.writeString(file, "http://localhost:1/\n" + address + "\n");
    Run run = Run.of("compare", "--urls", file.toString());
    assertEquals(2, run.code());
    assertTrue(run.err().contains("line 2: '" + address + "' is not an address"), run.err());
  }
}
