package dev.brigade.process.launch;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a worker prints: passed on, its end kept. */
class ErrorOutputTest {
  private static ErrorOutput read(String text, Sink sink) throws Exception {
    var output =
        ErrorOutput.start(
            new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
            sink,
            ErrorOutput.TAIL_BYTES,
            "test");
    assertTrue(output.finish(30, TimeUnit.SECONDS));
    return output;
  }

  @Test
  void keepsAllOfALittleAndTheLastLinesOfMuch() throws Exception {
    assertEquals("", read("", Sink.none()).tail());
    assertEquals("one\ntwo", read("one\ntwo", Sink.none()).tail());
    var much = new StringBuilder();
    for (int n = 0; n < 100_000; n++) much.append("line ").append(n).append('\n');
    String tail = read(much.toString(), Sink.none()).tail();
    assertTrue(tail.startsWith("line ") && tail.endsWith("line 99999\n"), tail);
    assertTrue(tail.length() > 8000 && tail.length() <= 8192, "" + tail.length());
  }

  @Test
  void keepsTheEndOfALineThatIsLongerThanItAll() throws Exception {
    assertEquals("x".repeat(8192), read("x".repeat(20_000), Sink.none()).tail());
    String tail = read("€".repeat(20_000), Sink.none()).tail();
    assertEquals("€".repeat(2730), tail);
  }

  @Test
  void handsOverLinesWithoutTheirEnds() throws Exception {
    List<String> lines = new ArrayList<>();
    read("a\r\n\nb\nlast", Sink.lines(lines::add));
    assertEquals(List.of("a", "", "b", "last"), lines);
  }

  @Test
  void cutsLongLinesBetweenCharacters() throws Exception {
    List<String> lines = new ArrayList<>();
    read("x".repeat(65_536) + "\n" + "x" + "€".repeat(40_000) + "\nend\n", Sink.lines(lines::add));
    assertEquals("x".repeat(65_536), lines.get(0));
    assertEquals("x" + "€".repeat(40_000), lines.get(1) + lines.get(2));
    assertEquals("end", lines.get(3));
    assertEquals(4, lines.size());
    for (String line : lines) assertTrue(line.length() <= 65_536);
  }

  @Test
  void whatAListenerThrowsIsIgnored() throws Exception {
    List<String> lines = new ArrayList<>();
    var output =
        read(
            "a\nb\n",
            Sink.lines(line -> {
              lines.add(line);
              throw new StackOverflowError();
            }));
    assertEquals(List.of("a", "b"), lines);
    assertEquals("a\nb\n", output.tail());
  }

  @Test
  void nothingIsHandedOverAfterTheEndWasWaitedFor() throws Exception {
    List<String> lines = new ArrayList<>();
    var passed = new CountDownLatch(1);
    var into = new PipedOutputStream();
    var output =
        ErrorOutput.start(
            new PipedInputStream(into),
            Sink.lines(line -> {
              lines.add(line);
              passed.countDown();
            }),
            ErrorOutput.TAIL_BYTES,
            "test");
    into.write("before\n".getBytes(StandardCharsets.UTF_8));
    passed.await();
    assertFalse(output.finish(0, TimeUnit.SECONDS), "the pipe is still open");
    into.write("after\n".getBytes(StandardCharsets.UTF_8));
    into.close();
    assertTrue(output.finish(30, TimeUnit.SECONDS));
    assertEquals(List.of("before"), lines);
    assertEquals("before\n", output.tail());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aProcessThatHoldsThePipeDoesNotHoldUpTheWorkersEnd(@TempDir Path folder) throws Exception {
    var spec =
        new LaunchSpec(List.of("-Dvictim.end=grandchild"), Map.of(), null, Victim.class.getName());
    Process worker = Launcher.start(spec, folder, ProcessBuilder.Redirect.DISCARD);
    ErrorOutput output = ErrorOutput.ofError(worker, Sink.none());
    assertEquals(0, worker.waitFor());
    await().until(() -> output.tail().endsWith("\n"));
    long grandchild = Long.parseLong(output.tail().strip().split(" ")[1]);
    try {
      assertFalse(output.finish(1, TimeUnit.MILLISECONDS));
    } finally {
      ProcessHandle.of(grandchild).ifPresent(ProcessHandle::destroyForcibly);
    }
    assertTrue(output.finish(30, TimeUnit.SECONDS));
  }
}
