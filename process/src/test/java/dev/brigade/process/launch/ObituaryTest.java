package dev.brigade.process.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.process.launch.Obituary.Verdict;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is said of the dead. */
class ObituaryTest {
  private record Death(Verdict verdict, String text, String... options) {}

  private static final Map<String, Death> DEATHS = new LinkedHashMap<>();

  static {
    DEATHS.put("exit 7", new Death(Verdict.EXIT, "the worker's program ended it with 7 (pid "));
    DEATHS.put("halt 3", new Death(Verdict.EXIT, "the worker's program ended it with 3 (pid "));
    DEATHS.put("throw", new Death(Verdict.EXIT, "the worker's program ended it with 1 (pid "));
    DEATHS.put(
        "abort",
        new Death(Verdict.CRASH, "the worker crashed in native code: SIGABRT, as abort()"));
    DEATHS.put(
        "crash",
        new Death(
            Verdict.CRASH, "the worker crashed in native code: SIGSEGV in frame C [libc.so.6+"));
    DEATHS.put(
        "heap",
        new Death(
            Verdict.OUT_OF_MEMORY,
            "the worker ran out of memory: Java heap space (pid ",
            "-Xmx16m"));
    DEATHS.put(
        "metaspace",
        new Death(
            Verdict.OUT_OF_MEMORY,
            "the worker ran out of memory: Metaspace (pid ",
            "-XX:MaxMetaspaceSize=12m"));
    DEATHS.put(
        "SIGKILL",
        new Death(Verdict.SIGNAL, "the worker was killed with SIGKILL by another process"));
    DEATHS.put("SIGTERM", new Death(Verdict.SIGNAL, "the worker was ended by SIGTERM (pid "));
    DEATHS.put(
        "refused option",
        new Death(
            Verdict.NOT_STARTED,
            "the worker's JVM did not start: Unrecognized VM option 'NoSuchOption' (pid ",
            "-XX:+NoSuchOption"));
    DEATHS.put(
        "unknown module",
        new Death(
            Verdict.NOT_STARTED,
            "the worker's JVM did not start: Error occurred during initialization of boot layer;"
                + " java.lang.module.FindException: Module no.such not found (pid ",
            "--add-modules=no.such"));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void tellsHowRealJvmsDiedAndTheyLeaveNoFiles(@TempDir Path folder, @TempDir File directory)
      throws Exception {
    Map<String, Process> started = new LinkedHashMap<>();
    Map<String, ErrorOutput> outputs = new LinkedHashMap<>();
    Queue<String> printed = new ConcurrentLinkedQueue<>();
    List<ErrorOutput> all = new ArrayList<>();
    for (Map.Entry<String, Death> death : DEATHS.entrySet()) {
      List<String> options = new ArrayList<>(List.of(death.getValue().options));
      options.add("-Dvictim.end=" + death.getKey());
      var spec = new LaunchSpec(options, Map.of(), directory, Victim.class.getName());
      Process worker = Launcher.start(spec, folder, ProcessBuilder.Redirect.PIPE);
      all.add(ErrorOutput.ofOutput(worker, Sink.lines(printed::add)));
      started.put(death.getKey(), worker);
      outputs.put(death.getKey(), ErrorOutput.ofError(worker, Sink.none()));
    }
    for (Map.Entry<String, Process> entry : started.entrySet()) {
      Process worker = entry.getValue();
      int code = worker.waitFor();
      ErrorOutput output = Objects.requireNonNull(outputs.get(entry.getKey()));
      assertTrue(output.finish(30, TimeUnit.SECONDS));
      Obituary told = Obituary.of(worker.pid(), code, output.tail(), null);
      Death expected = Objects.requireNonNull(DEATHS.get(entry.getKey()));
      String what = entry.getKey() + ": " + told + "\n" + output.tail();
      assertEquals(expected.verdict, told.verdict(), what);
      assertTrue(told.text().startsWith(expected.text), what);
      assertTrue(told.text().contains("pid " + worker.pid()), what);
      assertTrue(told.text().lines().count() == 1, what);
    }
    assertEquals(List.of(), List.of(directory.list()));
    for (ErrorOutput output : all) assertTrue(output.finish(30, TimeUnit.SECONDS));
    assertEquals(List.of(), List.copyOf(printed), "the standard output is the program's");
  }

  @Test
  void whatThisProcessKilledIsNoMystery() {
    Obituary told = Obituary.of(5, 137, "", "it took more than 10 MiB");
    assertEquals(Verdict.KILLED, told.verdict());
    assertEquals("the worker was killed because it took more than 10 MiB (pid 5)", told.text());
  }

  @Test
  void aWorkerThatDiedOfItsOwnBeforeItWasKilledDied() {
    assertEquals(Verdict.EXIT, Obituary.of(5, 0, "", "it was silent").verdict());
  }

  @Test
  void wordsOfTheProgramDoNotMakeACrash() {
    String said = "log: # A fatal error has been detected by the Java Runtime Environment:\n";
    assertEquals(Verdict.EXIT, Obituary.of(5, 7, said, null).verdict());
    assertEquals(
        Verdict.EXIT,
        Obituary.of(5, 3, "was: Terminating due to java.lang.OutOfMemoryError: x\n", null)
            .verdict());
  }

  @Test
  void nativeMemoryAndThreadsAreMemoryToo() {
    String noMemory =
        "#\n# There is insufficient memory for the Java Runtime Environment to continue.\n"
            + "# Native memory allocation (mmap) failed to map 16384 bytes.\n";
    Obituary mapped = Obituary.of(5, 1, noMemory, null);
    assertEquals(Verdict.OUT_OF_MEMORY, mapped.verdict());
    assertEquals("the worker ran out of memory: native memory (pid 5, exit code 1)", mapped.text());
    String threads =
        "Exception in thread \"main\" java.lang.OutOfMemoryError: unable to create native thread:"
            + " possibly out of memory or process/resource limits reached\n\tat X\n";
    Obituary bomb = Obituary.of(5, 1, threads, null);
    assertEquals(Verdict.OUT_OF_MEMORY, bomb.verdict());
    assertTrue(bomb.text().contains("unable to create native thread"), bomb.text());
  }

  @Test
  void aCrashWithACoreFileIsACrash() {
    String headline =
        "#\n# A fatal error has been detected by the Java Runtime Environment:\n#\n"
            + "#  SIGBUS (0x7) at pc=0x1, pid=5, tid=6\n#\n# Problematic frame:\n"
            + "# V  [libjvm.so+0x123]  Unsafe_GetInt+0xad\n#\n";
    Obituary told = Obituary.of(5, 134, headline, null);
    assertEquals(Verdict.CRASH, told.verdict());
    assertEquals(
        "the worker crashed in the JVM: SIGBUS in frame V [libjvm.so+0x123] Unsafe_GetInt+0xad"
            + " (pid 5, exit code 134)",
        told.text());
  }

  @Test
  void everyNumberHasAnObituary() {
    for (int code = -1; code < 300; code++) {
      Obituary told = Obituary.of(5, code, "", null);
      assertTrue(told.text().endsWith("(pid 5, exit code " + code + ")"), told.text());
    }
  }
}
