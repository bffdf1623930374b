package dev.brigade.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.brigade.cli.advise.Conclusion;
import dev.brigade.cli.advise.Dialogue;
import dev.brigade.cli.terminal.JsonReader;
import dev.brigade.cli.terminal.Terminal;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.spi.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AdviseCommandTest {
  @TempDir Path folder;

  /** Called by the command through its name. */
  public static final class Shouting implements Function<String, String> {
    @Override
    public String apply(String text) {
      if (text.equals("bad")) throw new IllegalStateException("cannot shout that");
      return text + "!";
    }
  }

  /** Has the other form. */
  public static final class WithMain {
    static final AtomicInteger CALLS = new AtomicInteger();

    private WithMain() {}

    /** Counts. */
    public static void main(String[] args) {
      CALLS.addAndGet(args.length);
    }
  }

  private static Map<?, ?> advice(Run run) {
    Object advice = JsonReader.object(run.out()).get("advice");
    return (Map<?, ?>) Objects.requireNonNull(advice);
  }

  @Test
  void addressesAreFetchedOnceAndFailuresNamed() throws Exception {
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
      Run run = Run.of("advise", "--json", "-i", file.toString(), base + "/c");
      assertEquals(1, run.code(), run.err());
      assertEquals(3, requests.get());
      assertEquals(3.0, advice(run).get("items"));
      assertEquals(
          List.of(base + "/missing: status 404"), JsonReader.object(run.out()).get("failures"));
    } finally {
      server.stop(0);
    }
  }

  @Test
  void commandRunsOnceForEachArgument() throws Exception {
    Path log = folder.resolve("log");
    String command = "echo {} >> '" + log + "'; test {} != bad";
    Run run = Run.of("advise", "--why", "--command", command, ":::", "good", "bad", "--json");
    assertEquals(1, run.code(), run.err());
    assertEquals(3, Files.readAllLines(log).size());
    assertTrue(run.out().contains("Evidence"), run.out());
    assertTrue(run.err().contains("exit code 1"), run.err());
  }

  @Test
  void classIsCalledInEachOfItsForms() {
    Run run =
        Run.of("advise", "--json", "--class", Shouting.class.getName(), ":::", "a", "bad", "c");
    assertEquals(1, run.code(), run.err());
    assertEquals("bad: cannot shout that", run.err().strip());
    assertEquals(3.0, advice(run).get("items"));
    int before = WithMain.CALLS.get();
    assertEquals(0, Run.of("advise", "--class", WithMain.class.getName(), "a", "b").code());
    assertEquals(before + 2, WithMain.CALLS.get());
  }

  @Test
  void aClassMayBeTriedInProcessesToo() {
    String name = Shouting.class.getName();
    Run run = Run.of("advise", "--json", "--processes", "--class", name, "a", "bad", "c");
    assertEquals(1, run.code(), run.err());
    assertEquals("bad: cannot shout that", run.err().strip());
    assertEquals(3.0, advice(run).get("items"));
  }

  @Test
  void sampleBoundsHowManyRun() {
    Run run =
        Run.of(
            "advise",
            "--json",
            "--sample",
            "2",
            "--class",
            Shouting.class.getName(),
            "a",
            "b",
            "c");
    assertEquals(2.0, advice(run).get("items"), run.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          --limit 0 http://localhost:1 | --limit must be at least 1, but was 0.
          --sample -1 http://localhost:1 | --sample must be at least 1, but was -1.
          example.com | argument: 'example.com' is not an address
          -i /no/such/file | there is no file /no/such/file
          --command true | --command needs inputs to run on
          --class X | --class needs inputs to run on
          --class no.Such ::: a | there is no class no.Such on the class path .
          --class java.lang.String ::: a | has none of the forms that can be called
          --processes http://localhost:1 | --processes needs --class
          --class X --command true ::: a | exclude each other
          -i x --command true ::: a | -i is for addresses
          --json | need something to measure
          """)
  void wrongUseIsNamed(String args, String message) {
    Run run = Run.of(("advise " + args).split(" "));
    assertEquals(2, run.code(), run.out());
    assertTrue(run.err().contains(message), run.err());
    assertEquals("", run.out());
  }

  private static @Nullable Conclusion answered(String answers, ByteArrayOutputStream out)
      throws Exception {
    Terminal terminal = Terminal.plain(out, out);
    var dialogue = new Dialogue(new BufferedReader(new StringReader(answers)), terminal);
    Conclusion end = dialogue.ask();
    if (end != null) dialogue.show(end);
    terminal.flush();
    return end;
  }

  @ParameterizedTest
  @CsvSource({
    "1 1, FEW_WAITING",
    "1 2 1, MANY_WAITING",
    "1 2 2, SHARED_RARELY",
    "1 2 3, SHARED_OFTEN",
    "2 1 1, COMPUTING",
    "2 1 3, SHARED_OFTEN",
    "2 2, ISOLATED",
    "3, MEASURE",
    "4, PLAIN"
  })
  void questionsLeadToTheConclusion(String answers, Conclusion expected) throws Exception {
    var out = new ByteArrayOutputStream();
    assertEquals(expected, answered(answers.replace(' ', '\n'), out));
    String shown = out.toString(StandardCharsets.UTF_8);
    assertTrue(shown.replaceAll("\\s+", " ").contains(expected.advice()), shown);
    assertTrue(shown.contains(expected.page()), shown);
  }

  @Test
  void noAnswerIsAskedAgainAndTheEndOfInputEndsIt() throws Exception {
    var out = new ByteArrayOutputStream();
    assertNull(answered("perhaps\n9\n1\n", out));
    String shown = out.toString(StandardCharsets.UTF_8);
    assertTrue(shown.contains("'perhaps' is no answer: type a number from 1 to 4."), shown);
    assertTrue(shown.contains("'9' is no answer"), shown);
    assertEquals(1, shown.split("How many are there\\?", -1).length - 1);
  }

  @ParameterizedTest
  @EnumSource(Conclusion.class)
  void everyProgramCompilesAndItsPageExists(Conclusion end) throws Exception {
    Path program = folder.resolve("Program.java");
    Files.writeString(program, end.program());
    var printed = new StringWriter();
    var out = new PrintWriter(printed);
    String path = System.getProperty("java.class.path") + File.pathSeparator + modules();
    int code =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(out, out, "-proc:none", "-d", folder.toString(), "-cp", path, program.toString());
    assertEquals(0, code, printed.toString());
    assertTrue(Files.exists(Path.of("..").resolve(end.page())), end.page());
  }

  private static String modules() {
    return System.getProperty("jdk.module.path", "");
  }
}
