package dev.brigade.process.launch;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Kills, and the facts that tell of them. */
@EnabledOnOs(OS.LINUX)
class KillingTest {
  @Test
  void aWorkerGoesWithWhatItStarted(@TempDir Path folder) throws Exception {
    var spec =
        new LaunchSpec(List.of("-Dvictim.end=family"), Map.of(), null, Victim.class.getName());
    Process worker = Launcher.start(spec, folder, ProcessBuilder.Redirect.DISCARD);
    ErrorOutput output = ErrorOutput.ofError(worker, Sink.none());
    await().until(() -> output.tail().endsWith("\n"));
    long grandchild = Long.parseLong(output.tail().strip().split(" ")[1]);
    long mark = ProcessFacts.startMark(grandchild);
    assertTrue(ProcessFacts.alive(grandchild, mark));
    assertEquals(worker.pid(), ProcessFacts.parent(grandchild));
    assertTrue(Killing.killAndWait(worker, Duration.ofSeconds(30)));
    assertFalse(worker.isAlive());
    assertFalse(ProcessFacts.alive(grandchild, mark));
    assertTrue(Killing.killAndWait(worker, Duration.ZERO), "again is harmless");
  }

  @Test
  void factsOfThisProcess() {
    long pid = ProcessHandle.current().pid();
    assertTrue(ProcessFacts.residentBytes(pid) > 10 << 20);
    assertEquals(ProcessHandle.current().parent().orElseThrow().pid(), ProcessFacts.parent(pid));
    assertTrue(ProcessFacts.alive(pid, ProcessFacts.startMark(pid)));
    assertFalse(ProcessFacts.alive(pid, ProcessFacts.startMark(pid) - 1));
  }

  @Test
  void factsOfAStoppedProcessAndOfNone() throws Exception {
    Process sleeper = new ProcessBuilder("sleep", "1000").start();
    long pid = sleeper.pid();
    try {
      assertFalse(ProcessFacts.stopped(pid));
      assertEquals(0, new ProcessBuilder("kill", "-STOP", "" + pid).start().waitFor());
      await().until(() -> ProcessFacts.stopped(pid));
    } finally {
      sleeper.destroyForcibly().waitFor();
    }
    assertEquals('?', ProcessFacts.state(pid));
    assertEquals(ProcessFacts.UNKNOWN, ProcessFacts.residentBytes(pid));
    assertEquals(ProcessFacts.UNKNOWN, ProcessFacts.startMark(pid));
    assertEquals(ProcessFacts.UNKNOWN, ProcessFacts.parent(pid));
    assertFalse(ProcessFacts.alive(pid, ProcessFacts.UNKNOWN));
  }
}
