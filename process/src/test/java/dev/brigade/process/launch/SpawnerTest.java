package dev.brigade.process.launch;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The one thread that starts processes. */
@DisabledOnOs(OS.WINDOWS)
class SpawnerTest {
  @Test
  void isOneDaemonOfTheRootGroup() {
    Thread thread = Spawner.ensureThread();
    assertSame(thread, Spawner.ensureThread());
    assertTrue(thread.isDaemon());
    assertFalse(thread.isVirtual());
    assertSame(null, thread.getThreadGroup().getParent());
  }

  @Test
  void anInterruptedCallerGetsItsProcessAndKeepsItsInterrupt() throws Exception {
    Thread.currentThread().interrupt();
    Process process;
    boolean interrupted;
    try {
      process = Spawner.start(new ProcessBuilder("true"));
    } finally {
      interrupted = Thread.interrupted();
    }
    assertTrue(interrupted);
    assertEquals(0, process.waitFor());
  }

  @Test
  void survivesInterruptsAndFailures() throws Exception {
    Thread thread = Spawner.ensureThread();
    thread.interrupt();
    assertThrows(
        IOException.class, () -> Spawner.start(new ProcessBuilder("/no/such/program at all")));
    assertThrows(
        IndexOutOfBoundsException.class, () -> Spawner.start(new ProcessBuilder(List.of())));
    await().until(() -> !thread.isInterrupted());
    assertEquals(0, Spawner.start(new ProcessBuilder("true")).waitFor());
    assertSame(thread, Spawner.ensureThread());
  }

  @Test
  void servesManyAtOnceAlsoVirtualThreads() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> codes = new ArrayList<>();
      for (int n = 0; n < 20; n++) {
        String code = Integer.toString(n);
        codes.add(
            threads.submit(
                () -> Spawner.start(new ProcessBuilder("sh", "-c", "exit " + code)).waitFor()));
      }
      for (int n = 0; n < 20; n++) assertEquals(n, codes.get(n).get());
    }
  }
}
