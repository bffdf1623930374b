package dev.brigade.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** However a worker ends, its parent is told, and nothing is left. */
@Timeout(180)
class WorkerProcessEndsTest {
  private static void kill9(long pid) throws Exception {
    Process kill = new ProcessBuilder("kill", "-9", Long.toString(pid)).start();
    assertEquals(0, kill.waitFor());
  }

  @Test
  void killedWhileItStarts() throws Exception {
    WorkerProcess<String, String> w =
        WorkerProcess.open((String m, MessagePort<String, String> port) -> port.send(m));
    try (w) {
      w.send("early");
      kill9(w.pid());
      var death = assertThrows(WorkerDiedException.class, w::receive);
      assertEquals(137, death.exitCode());
      assertFalse(w.isAlive());
    }
  }

  @Test
  void oneThatCannotStartSaysWhy() throws Exception {
    var options =
        WorkerOptions.of()
            .withJvmOptions("-XX:+NoSuchOption")
            .withOutput(new WorkerOptions.Output.Discard());
    try (WorkerProcess<String, String> w =
        WorkerProcess.open(options, (String m, MessagePort<String, String> port) -> port.send(m))) {
      w.send("early");
      var death = assertThrows(WorkerDiedException.class, w::receive);
      assertEquals(WorkerDiedException.Cause.NOT_READY, death.reason());
      assertTrue(death.errorOutput().contains("NoSuchOption"), death.errorOutput());
      assertEquals(1, w.onExit().get());
    }
  }

  @Test
  void killedInItsInitialiser() throws Exception {
    var options =
        WorkerOptions.of()
            .withInitialiser(() -> {
              Runtime.getRuntime().halt(137);
              return 1;
            });
    try (WorkerProcess<String, String> w =
        WorkerProcess.open(options, (String m, MessagePort<String, String> port) -> port.send(m))) {
      assertEquals(137, assertThrows(WorkerDiedException.class, w::receive).exitCode());
    }
  }

  @Test
  void killedWhileItIsIdle() throws Exception {
    try (WorkerProcess<String, String> w =
        WorkerProcess.open((String m, MessagePort<String, String> port) -> port.send(m))) {
      assertEquals("a", w.ask("a"));
      kill9(w.pid());
      var death = assertThrows(WorkerDiedException.class, w::receive);
      assertEquals(137, death.exitCode());
      assertThrows(WorkerDiedException.class, () -> w.send("b"));
      assertThrows(WorkerDiedException.class, () -> w.trySend("b"));
      assertThrows(WorkerDiedException.class, () -> w.ask("b"));
    }
  }

  @Test
  void killedInAStreamOfMessagesAtARandomMoment() throws Exception {
    var random = new Random(7);
    for (int round = 0; round < 5; round++) {
      int after = random.nextInt(5000);
      try (WorkerProcess<Integer, Integer> w =
          WorkerProcess.open((Integer n, MessagePort<Integer, Integer> port) -> port.send(n))) {
        Thread sender =
            Thread.ofVirtual()
                .start(() -> {
                  assertThrows(
                      WorkerDiedException.class,
                      () -> {
                        for (int i = 0; ; i++) w.send(i);
                      });
                });
        for (int i = 0; i < after; i++) assertEquals(i, w.receive());
        kill9(w.pid());
        int next = after;
        while (true) {
          try {
            assertEquals(next, w.receive());
            next++;
          } catch (WorkerDiedException e) {
            assertEquals(137, e.exitCode());
            break;
          }
        }
        sender.join();
      }
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void oneThatIsStoppedIsFoundSilent() throws Exception {
    var times =
        new WorkerOptions.Times(
            Duration.ofSeconds(60), Duration.ofSeconds(1), Duration.ofMillis(1500));
    try (WorkerProcess<String, String> w =
        WorkerProcess.open(
            WorkerOptions.of().withTimes(times),
            (String m, MessagePort<String, String> port) -> port.send(m))) {
      assertEquals("a", w.ask("a"));
      Process stop = new ProcessBuilder("kill", "-STOP", Long.toString(w.pid())).start();
      assertEquals(0, stop.waitFor());
      var death = assertThrows(WorkerDiedException.class, w::receive);
      assertEquals(WorkerDiedException.Cause.SILENT, death.reason());
    }
  }

  @Test
  void oneThatRunsOutOfMemoryIsToldSo() throws Exception {
    var options =
        WorkerOptions.of().withHeapBytes(32 << 20).withOutput(new WorkerOptions.Output.Discard());
    try (WorkerProcess<String, Integer> w =
        WorkerProcess.open(
            options,
            (String m, MessagePort<Integer, String> port) -> {
              List<byte[]> all = new ArrayList<>();
              while (true) {
                all.add(new byte[1 << 20]);
                port.send(all.size());
              }
            })) {
      w.send("go");
      var death = assertThrows(WorkerDiedException.class, () -> w.forEach(m -> {}));
      assertEquals(WorkerDiedException.Cause.OUT_OF_MEMORY, death.reason());
    }
  }

  @Test
  void aTeardownThatNeverEndsIsEnded() throws Exception {
    var options =
        WorkerOptions.of()
            .withGrace(Duration.ofMillis(100))
            .withState(
                () -> "s",
                s -> {
                  while (true) Thread.onSpinWait();
                });
    try (WorkerProcess<String, String> w =
        WorkerProcess.open(options, (String m, MessagePort<String, String> port) -> port.send(m))) {
      assertEquals("a", w.ask("a"));
    }
  }

  @Test
  void anExitWhoseHookNeverEndsIsEnded() throws Exception {
    var options = WorkerOptions.of().withGrace(Duration.ofMillis(100));
    try (WorkerProcess<String, String> w =
        WorkerProcess.open(
            options,
            (String m, MessagePort<String, String> port) -> {
              Runtime.getRuntime()
                  .addShutdownHook(
                      new Thread(() -> {
                        while (true) Thread.onSpinWait();
                      }));
              System.exit(0);
            })) {
      w.send("a");
      var death = assertThrows(WorkerDiedException.class, w::receive);
      assertEquals(WorkerDiedException.Cause.KILLED, death.reason());
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void manyOpenedAndClosedLeaveNoDescriptorThreadOrFile() throws Exception {
    openAndClose(3);
    long descriptors = descriptors();
    int threads = Thread.activeCount();
    openAndClose(20);
    org.awaitility.Awaitility.await()
        .until(() -> descriptors() <= descriptors + 2 && Thread.activeCount() <= threads + 1);
    assertEquals(0, folders());
  }

  private static void openAndClose(int times) throws Exception {
    for (int i = 0; i < times; i++) {
      try (WorkerProcess<Integer, Integer> w =
          WorkerProcess.open((Integer n, MessagePort<Integer, Integer> port) -> port.send(n))) {
        assertEquals(i, w.ask(i));
        if (i % 5 == 4) w.terminate();
      }
    }
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.count();
    }
  }

  private static long folders() throws IOException {
    String mine = "-" + ProcessHandle.current().pid() + "-";
    try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return all.filter(
              p -> p.getFileName().toString().startsWith("brigade-") && p.toString().contains(mine))
          .count();
    }
  }
}
