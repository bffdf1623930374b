package dev.brigade.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.task.Work;
import dev.brigade.testing.LeakChecked;
import dev.brigade.testing.conformance.Probe;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Initialisers, state and teardown; and workers that never become ready. */
@LeakChecked
class StartingTest {
  @TempDir private Path folder;

  private Probe probe() {
    return new Probe(folder.toString());
  }

  /** What a worker has for itself. */
  private static final class Register {
    private final Probe probe;
    private int count;

    Register(Probe probe) {
      this.probe = probe;
      probe.mark("made");
    }

    int add() {
      return ++count;
    }

    void close() {
      probe.mark("given back after " + count);
    }
  }

  private static int add() {
    return Worker.state(Register.class).add();
  }

  @Test
  void eachWorkerHasItsStateFromItsFirstTaskToItsTeardown() throws Exception {
    Probe p = probe();
    WorkerOptions worker =
        SmallPools.worker().withState(() -> new Register(p), (Register r) -> r.close());
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(1).withWorker(worker))) {
      for (int i = 1; i <= 5; i++)
        assertEquals(i, pool.submit((Work<Integer, ?>) () -> add()).get());
    }
    assertEquals(List.of("made", "given back after 5"), p.events());
  }

  @Test
  void aTeardownThatFailsDoesNotKeepTheWorker() throws Exception {
    Probe p = probe();
    WorkerOptions worker =
        SmallPools.worker().withState(() -> new Register(p), (Register r) -> fail(p, "teardown"));
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(1).withWorker(worker))) {
      assertEquals(1, pool.submit((Work<Integer, ?>) () -> add()).get());
    }
    assertEquals(List.of("made", "teardown"), p.events());
  }

  private static Object fail(Probe p, String what) {
    p.mark(what);
    throw new IllegalArgumentException("no " + what + " today");
  }

  @Test
  void askingForAStateThatThereIsNotSaysWhy() throws Exception {
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(1))) {
      var e =
          assertThrows(
              ExecutionException.class, () -> pool.submit((Work<Integer, ?>) () -> add()).get());
      Throwable cause = assertInstanceOf(IllegalStateException.class, e.getCause());
      assertTrue(String.valueOf(cause.getMessage()).contains("no state"), cause.getMessage());
    }
    var e = assertThrows(IllegalStateException.class, StartingTest::add);
    assertTrue(String.valueOf(e.getMessage()).contains("no worker"), e.getMessage());
  }

  private static String printed(Throwable e) {
    var text = new StringWriter();
    e.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }

  /** Breaks, and says so by all means that there are; returns what it says. */
  private String assertBreaks(WorkerOptions worker, int atMostStarts) throws Exception {
    ProcessPool pool = ProcessPool.open(SmallPools.of(1).withWorker(worker));
    String text;
    try {
      ProcessTask<Integer> waiting = call(pool);
      if (waiting != null) {
        var e = assertThrows(ExecutionException.class, waiting::get);
        assertInstanceOf(PoolBrokenException.class, e.getCause());
      }
      var refused = assertThrows(PoolBrokenException.class, () -> pool.call(n -> n, 1));
      assertThrows(PoolBrokenException.class, () -> pool.awaitReady(Duration.ofMinutes(1)));
      text = printed(refused);
    } finally {
      pool.close();
    }
    assertTrue(pool.isTerminated());
    long starts = SmallPools.figure(pool, "buried");
    assertTrue(starts <= atMostStarts, starts + " workers were started");
    assertTrue(starts >= 2, "it gave up after " + starts);
    return text;
  }

  private static @org.jspecify.annotations.Nullable ProcessTask<Integer> call(ProcessPool pool) {
    try {
      return pool.call(n -> n, 1);
    } catch (RejectedExecutionException e) {
      // Broken already.
      return null;
    }
  }

  private static void assertNames(String text, String... parts) {
    for (String part : parts) assertTrue(text.contains(part), "no '" + part + "' in " + text);
  }

  @Test
  void anInitialiserThatThrowsBreaksThePool() throws Exception {
    Probe p = probe();
    String text = assertBreaks(SmallPools.worker().withInitialiser(() -> fail(p, "start")), 4);
    assertNames(text, "IllegalArgumentException", "no start today");
    assertTrue(p.count("start") <= 4, () -> p.count("start") + " tries");
  }

  private static int exit(int code) {
    System.exit(code);
    return code;
  }

  @Test
  void anInitialiserThatExitsBreaksThePool() throws Exception {
    String text = assertBreaks(SmallPools.worker().withInitialiser(() -> exit(7)), 4);
    assertNames(text, "WorkerDiedException", "7");
  }

  private static WorkerOptions.Times impatient() {
    return new WorkerOptions.Times(
        Duration.ofMillis(1500), Duration.ofMillis(100), Duration.ofSeconds(10));
  }

  private static int hang(Probe p) {
    p.passThroughInterrupts("never");
    return 0;
  }

  @Test
  void anInitialiserThatHangsBreaksThePool() throws Exception {
    Probe p = probe();
    WorkerOptions worker =
        SmallPools.worker().withInitialiser(() -> hang(p)).withTimes(impatient());
    assertNames(assertBreaks(worker, 4), "not ready within");
  }

  private static int spin() {
    while (true) Thread.onSpinWait();
  }

  @Test
  void anInitialiserThatSpinsBreaksThePool() throws Exception {
    WorkerOptions worker = SmallPools.worker().withInitialiser(() -> spin()).withTimes(impatient());
    assertNames(assertBreaks(worker, 4), "not ready within");
  }

  @Test
  void anOptionThatTheJvmDoesNotKnowBreaksThePoolInTheJvmsWords() throws Exception {
    WorkerOptions worker = SmallPools.worker().withJvmOptions("-XX:+NoSuchOption");
    assertNames(assertBreaks(worker, 4), "NoSuchOption");
  }

  @Test
  void aFolderThatIsNotThereBreaksThePool() throws Exception {
    WorkerOptions worker = SmallPools.worker().withDirectory(folder.resolve("missing").toFile());
    assertNames(assertBreaks(worker, 4), "missing");
  }

  @Test
  void whatTheInitialiserCapturesMustTravel() {
    Object lock = new Object();
    WorkerOptions worker = SmallPools.worker().withInitialiser(() -> lock.hashCode());
    var text = new StringBuilder();
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(1).withWorker(worker))) {
      while (true) {
        var t = pool.call(n -> n, 1);
        text.append(printed(assertThrows(ExecutionException.class, t::get)));
      }
    } catch (RejectedExecutionException e) {
      text.append(printed(e));
    }
    assertNames(text.toString(), "java.lang.Object", "can't travel");
  }

  private static String openPool() {
    try (ProcessPool pool = ProcessPool.open(1)) {
      return pool.toString();
    } catch (IllegalStateException e) {
      return "refused: " + e.getMessage();
    }
  }

  @Test
  void aPoolInAWorkerIsRefused() throws Exception {
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(1))) {
      String said = pool.submit((Work<String, ?>) () -> openPool()).get();
      assertTrue(said.startsWith("refused: a ProcessPool can't be opened inside a worker"), said);
    }
  }

  @Test
  void aPoolInAnInitialiserIsRefused() throws Exception {
    WorkerOptions worker = SmallPools.worker().withInitialiser(() -> openPool());
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(1).withWorker(worker))) {
      String said = pool.submit((Work<String, ?>) () -> Worker.state(String.class)).get();
      assertTrue(said.startsWith("refused: a ProcessPool can't be opened inside a worker"), said);
    }
  }

  @Test
  void aPoolInAClassInitialiserIsRefused() throws Exception {
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(1))) {
      String said = pool.submit((Work<String, ?>) () -> OpensAPool.SAID).get();
      assertTrue(said.startsWith("refused: a ProcessPool can't be opened inside a worker"), said);
    }
  }

  @Test
  void oneThatBecomesReadyAfterAFailureIsEnough() throws Exception {
    Probe p = probe();
    WorkerOptions worker = SmallPools.worker().withInitialiser(() -> failTwice(p));
    List<Integer> values = new ArrayList<>();
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(1).withWorker(worker))) {
      for (int i = 0; i < 3; i++) values.add(pool.call(n -> n, i).get());
      assertFalse(pool.isShutdown());
    }
    assertEquals(List.of(0, 1, 2), values);
  }

  private static int failTwice(Probe p) {
    p.mark("try");
    if (p.count("try") < 3) throw new IllegalStateException("not yet");
    return 1;
  }
}
