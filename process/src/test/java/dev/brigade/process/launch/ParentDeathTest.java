package dev.brigade.process.launch;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** No worker outlives the process that started it; none dies of anything less. */
@EnabledOnOs(OS.LINUX)
class ParentDeathTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** One process at one time, since numbers are given out again. */
  private record Who(long pid, long startMark) {
    static Who of(long pid) {
      return new Who(pid, ProcessFacts.startMark(pid));
    }

    boolean alive() {
      return ProcessFacts.alive(pid, startMark);
    }
  }

  private static final String[] ALL = {
    "idle",
    "spinning",
    "allocating",
    "in critical native code",
    "stopped",
    "without its standard input"
  };

  @Test
  void workersEndWithTheirParentFromTheFirstMoment() throws Exception {
    killedWith("/usr/bin/setpriv", "armed", "idle", "in critical native code", "stopped");
  }

  @Test
  void theyDoSoAsWellWhateverTheyDoWhereTheyMustSetTheirDeathSignalThemselves() throws Exception {
    killedWith("", "armed", ALL);
  }

  @Test
  void theLifelineAloneEndsWorkersThatReachSafepoints() throws Exception {
    killedWith("", "unarmed", "spinning", "without its standard input");
  }

  private static void killedWith(String setpriv, String armed, String... what) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-D" + DeathSignalWrapper.PATH + "=" + setpriv);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Parent.class.getName()));
    command.add(armed);
    command.addAll(List.of(what));
    Process parent =
        new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    List<Who> workers = new ArrayList<>();
    List<Path> folders = new ArrayList<>();
    try (BufferedReader said = parent.errorReader()) {
      while (workers.size() < what.length) {
        String line = said.readLine();
        if (line == null) break;
        String[] words = line.split(" ");
        if (words[0].equals("folder")) folders.add(Path.of(words[1]));
        if (words[0].equals("ready")) {
          workers.add(Who.of(Long.parseLong(words[1])));
          assertEquals("-1", words[2], "System.in is empty");
        }
      }
      assertEquals(what.length, workers.size());
      for (Who worker : workers) assertTrue(worker.alive());
      if (List.of(what).contains("stopped")) stop(workers.getFirst());
    } finally {
      parent.destroyForcibly();
    }
    await().atMost(PATIENCE).until(() -> workers.stream().noneMatch(Who::alive));
    // Its last threads may take a moment longer than its children.
    parent.waitFor();
    // The lifeline's end removes it; where the signal is faster, the next program's sweep does.
    new SpawnFolder.Sweep(List.of(Path.of("/tmp"), folders.getFirst().getParent())).run();
    for (Path folder : folders) assertTrue(Files.notExists(folder), folder.toString());
  }

  private static void stop(Who worker) throws Exception {
    assertEquals(0, new ProcessBuilder("kill", "-STOP", "" + worker.pid).start().waitFor());
    await().atMost(PATIENCE).until(() -> ProcessFacts.stopped(worker.pid));
  }

  @Test
  void theEndOfTheThreadThatStartedAWorkerDoesNotEndIt(@TempDir Path folder) throws Exception {
    var started = new AtomicReference<Process>();
    var itsTask = new AtomicReference<Path>();
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    var mayEnd = new CountDownLatch(1);
    Thread starter =
        Thread.ofPlatform()
            .start(() -> {
              try {
                itsTask.set(Path.of("/proc/thread-self").toRealPath());
                started.set(Parent.start(folder, "idle", true, Sink.lines(lines::add)));
                mayEnd.await();
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
    await().atMost(PATIENCE).until(() -> started.get() != null);
    Process worker = Objects.requireNonNull(started.get());
    try {
      assertTrue(lines.take().startsWith("ready"));
      mayEnd.countDown();
      starter.join();
      // The kernel signals the children before the thread's entry goes.
      await().atMost(PATIENCE).until(() -> Files.notExists(Objects.requireNonNull(itsTask.get())));
      assertTrue(answers(worker, lines), "the worker is gone with the thread that started it");
    } finally {
      worker.destroyForcibly();
    }
  }

  /** Whether it still writes a thread dump when asked. */
  private static boolean answers(Process worker, BlockingQueue<String> lines) throws Exception {
    new ProcessBuilder("kill", "-QUIT", "" + worker.pid()).start().waitFor();
    await().atMost(PATIENCE).until(() -> !worker.isAlive() || !lines.isEmpty());
    return worker.isAlive() && lines.poll(30, TimeUnit.SECONDS) != null;
  }
}
