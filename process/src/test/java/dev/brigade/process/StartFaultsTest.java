package dev.brigade.process;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.testing.conformance.Probe;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Workers that die, or hang, before they can take a task. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StartFaultsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private static ProcessPool pool(WorkerOptions worker) {
    return ProcessPool.open(ProcessOptions.of(1).withWorker(worker));
  }

  private Probe probe() {
    return new Probe(folder.toString());
  }

  /** In a worker. */
  private static String passing(Probe probe) throws InterruptedException {
    probe.pass("gate");
    return "passed";
  }

  private static PoolBrokenException verdict(ProcessPool pool) {
    var task = pool.call(n -> n, 1);
    var e = assertThrows(ExecutionException.class, () -> task.get(60, TimeUnit.SECONDS));
    return assertInstanceOf(PoolBrokenException.class, e.getCause());
  }

  @Test
  void workersThatHangInTheirInitialiserAreGivenUp() {
    Probe probe = probe();
    var times =
        new WorkerOptions.Times(Duration.ofSeconds(1), Duration.ZERO, Duration.ofSeconds(10));
    var worker = SmallPools.worker().withTimes(times).withInitialiser(() -> passing(probe));
    try (ProcessPool pool = pool(worker)) {
      String said = String.valueOf(verdict(pool).getMessage());
      assertTrue(said.contains("within 1"), said);
      await().atMost(PATIENCE).until(() -> pool.workers().isEmpty());
    }
  }

  @Test
  void anInitialiserThatFailsBreaksThePoolAndIsItsCause() {
    var worker =
        SmallPools.worker()
            .withInitialiser(() -> {
              throw new IllegalStateException("no licence");
            });
    try (ProcessPool pool = pool(worker)) {
      PoolBrokenException e = verdict(pool);
      assertTrue(String.valueOf(e.getMessage()).contains("no licence"), e.toString());
    }
  }

  @Test
  void aDirectoryThatIsNotThereIsNamed() {
    File missing = folder.resolve("missing").toFile();
    try (ProcessPool pool = pool(SmallPools.worker().withDirectory(missing))) {
      String said = String.valueOf(verdict(pool).getMessage());
      assertTrue(said.endsWith("directory must be a folder, but was " + missing), said);
    }
  }

  @Test
  void aFilterThatIsNoneIsRefusedByName() {
    for (String bad : new String[] {"maxdepth=x", "", "maxdepth=-1"}) {
      var e =
          assertThrows(IllegalArgumentException.class, () -> SmallPools.worker().withFilter(bad));
      assertTrue(String.valueOf(e.getMessage()).startsWith("filter must "), e.toString());
    }
  }

  @Test
  void aWorkerKilledWhileItInitialisesIsReplaced() throws Exception {
    Probe probe = probe();
    var worker = SmallPools.worker().withInitialiser(() -> passing(probe));
    try (ProcessPool pool = pool(worker)) {
      var task = pool.call(_ -> Worker.state(String.class), 1);
      WorkerInfo first = initialising(pool, 0);
      WorkerDeathTest.kill(first.pid(), "-KILL");
      WorkerInfo second = initialising(pool, first.number());
      probe.open("gate");
      assertEquals("passed", task.get(60, TimeUnit.SECONDS));
      assertEquals(second.pid(), task.pid());
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aWorkerThatDiesBeforeItIsReadyLeavesNoDescriptor() throws Exception {
    openOnceMoreThanItDies(0);
    int before = Footprint.allDescriptors();
    openOnceMoreThanItDies(2);
    await().atMost(PATIENCE).until(() -> Footprint.allDescriptors() <= before);
  }

  private void openOnceMoreThanItDies(int deaths) throws Exception {
    var probe = new Probe(Files.createTempDirectory(folder, "probe").toString());
    var worker = SmallPools.worker().withInitialiser(() -> passing(probe));
    try (ProcessPool pool = pool(worker)) {
      int last = 0;
      for (int i = 0; i < deaths; i++) {
        WorkerInfo w = initialising(pool, last);
        last = w.number();
        WorkerDeathTest.kill(w.pid(), "-KILL");
      }
      probe.open("gate");
      assertEquals(1, pool.call(n -> n, 1).get(60, TimeUnit.SECONDS));
    }
  }

  /** The first worker after number {@code after} that initialises. */
  private static WorkerInfo initialising(ProcessPool pool, int after) {
    return await()
        .atMost(PATIENCE)
        .until(
            () ->
                pool.workers().stream()
                    .filter(w -> w.number() > after)
                    .filter(w -> w.state() == WorkerInfo.State.INITIALISING)
                    .findAny(),
            java.util.Optional::isPresent)
        .orElseThrow();
  }
}
