package dev.brigade.process;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.process.launch.DeathSignal;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** No worker of a pool outlives the pool's process, and nothing is left where others can see it. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OrphanTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String[] ALL = {
    "idle", "waiting", "stopped", "spinning", "allocating", "critical", "hiding"
  };

  @TempDir private Path temporary;

  @Test
  void aKilledParentLeavesNothing() throws Exception {
    Process parent = parent(ALL);
    Map<String, ProcessHandle> workers = new HashMap<>();
    try (BufferedReader out = parent.inputReader()) {
      while (workers.size() < ALL.length) {
        String line = out.readLine();
        if (line == null) break;
        String[] words = line.split(" ");
        if (words[0].equals("begun"))
          ProcessHandle.of(Long.parseLong(words[1])).ifPresent(p -> workers.put(words[2], p));
      }
      assertEquals(ALL.length, workers.size(), "not all have begun: " + workers);
      stop(Objects.requireNonNull(workers.get("stopped")));
    } finally {
      Process unused = parent.destroyForcibly();
    }
    await().atMost(PATIENCE).until(() -> living(workers).isEmpty());
    assertEquals(List.of(), left());
  }

  @Test
  void aParentKilledWhileItsWorkersStartLeavesNoProcess() throws Exception {
    Process parent = parent("idle", "idle");
    List<ProcessHandle> workers = new ArrayList<>();
    try {
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(1))
          .until(() -> {
            workers.clear();
            parent.children().forEach(workers::add);
            return !workers.isEmpty();
          });
    } finally {
      Process unused = parent.destroyForcibly();
    }
    await().atMost(PATIENCE).until(() -> workers.stream().noneMatch(ProcessHandle::isAlive));
  }

  private Process parent(String... what) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Djava.io.tmpdir=" + temporary);
    command.add("-XX:-UsePerfData");
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), OrphanParent.class.getName()));
    command.addAll(List.of(what));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static void stop(ProcessHandle worker) throws Exception {
    assertEquals(0, new ProcessBuilder("kill", "-STOP", "" + worker.pid()).start().waitFor());
  }

  private static List<String> living(Map<String, ProcessHandle> workers) {
    List<String> living = new ArrayList<>();
    workers.forEach((what, p) -> {
      if (p.isAlive()) living.add(what);
    });
    return living;
  }

  private List<String> left() throws Exception {
    List<String> left = new ArrayList<>();
    try (var all = Files.newDirectoryStream(temporary)) {
      for (Path p : all) left.add(p.toString());
    }
    return left;
  }

  @Test
  void workersAreNotTiedToTheThreadThatOpenedTheirPool() throws Exception {
    var opened = new AtomicReference<ProcessPool>();
    var itsTask = new AtomicReference<Path>();
    Thread.ofPlatform()
        .start(() -> {
          try {
            itsTask.set(Path.of("/proc/thread-self").toRealPath());
            var pool = ProcessPool.open(1);
            opened.set(pool);
            assertTrue(pool.call(_ -> armed(), 0).get());
          } catch (IOException | InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
          }
        })
        .join();
    try (ProcessPool pool = Objects.requireNonNull(opened.get())) {
      long pid = pool.workers().getFirst().pid();
      // The kernel signals the children of a thread before the thread's entry goes.
      await().atMost(PATIENCE).until(() -> Files.notExists(Objects.requireNonNull(itsTask.get())));
      assertEquals(pid, pool.call(_ -> ProcessHandle.current().pid(), 0).get());
    }
  }

  private static boolean armed() {
    while (!DeathSignal.isArmed()) Thread.onSpinWait();
    return true;
  }
}
