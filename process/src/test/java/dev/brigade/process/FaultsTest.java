package dev.brigade.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.task.DeadlineException;
import dev.brigade.task.Fn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One fault at a time: it costs the task that it befalls, and the pool goes on. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FaultsTest {
  @TempDir static Path directory;
  private static ProcessPool pool;

  @BeforeAll
  static void open() {
    var worker =
        WorkerOptions.of()
            .withDirectory(directory.toFile())
            .withJvmOptions("-XX:TieredStopAtLevel=1", "-Xss512k")
            .withCaps(new WorkerOptions.Caps(64L << 20, 16L << 20, 40L << 20, 0))
            .withOutput(new WorkerOptions.Output.Discard())
            .withGrace(Duration.ofMillis(200));
    pool = ProcessPool.open(ProcessOptions.of(1).withSpare(1).withWorker(worker));
  }

  @AfterAll
  static void close() throws Exception {
    pool.close();
    assertTrue(pool.isTerminated());
    try (var left = Files.list(directory)) {
      assertEquals(List.of(), left.toList(), "files that the dead have left");
    }
  }

  @AfterEach
  void thePoolGoesOn() throws Exception {
    assertEquals("still here", pool.call(s -> s + " here", "still").get(60, TimeUnit.SECONDS));
  }

  private static Throwable failure(Fn<Integer, Object, ?> task, int argument) {
    var e =
        assertThrows(
            ExecutionException.class, () -> pool.call(task, argument).get(60, TimeUnit.SECONDS));
    return Objects.requireNonNull(e.getCause());
  }

  private static WorkerDiedException death(Fn<Integer, Object, ?> task, int argument) {
    return assertInstanceOf(WorkerDiedException.class, failure(task, argument));
  }

  /** Ends that a worker can't survive. */
  enum End {
    HALT(Faults::halt, 3, WorkerDiedException.Cause.EXIT),
    EXIT(Faults::exit, 4, WorkerDiedException.Cause.EXIT),
    STUCK_HOOK(Faults::exitWithStuckHook, 5, WorkerDiedException.Cause.KILLED),
    ABORT(Faults::raise, Faults.SIGABRT, WorkerDiedException.Cause.CRASH),
    SEGMENTATION_FAULT(Faults::raise, Faults.SIGSEGV, WorkerDiedException.Cause.CRASH),
    KILLED(Faults::raise, Faults.SIGKILL, WorkerDiedException.Cause.SIGNAL),
    HEAP(Faults::heap, 128, WorkerDiedException.Cause.OUT_OF_MEMORY),
    METASPACE(Faults::metaspace, 1_000_000, WorkerDiedException.Cause.OUT_OF_MEMORY);

    final Fn<Integer, Object, Exception> task;
    final int argument;
    final WorkerDiedException.Cause cause;

    End(Fn<Integer, Object, Exception> task, int argument, WorkerDiedException.Cause cause) {
      this.task = task;
      this.argument = argument;
      this.cause = cause;
    }
  }

  @ParameterizedTest
  @EnumSource
  void anEndOfTheWorkerCostsTheTaskAndSaysWhy(End end) {
    WorkerDiedException e = death(end.task, end.argument);
    assertEquals(end.cause, e.reason(), e.toString());
    assertTrue(e.pid() > 0);
    if (end.cause == WorkerDiedException.Cause.EXIT) assertEquals(end.argument, e.exitCode());
  }

  // ---- what a worker survives, or gives up in an orderly way

  @Test
  void directMemoryIsAnErrorOfTheTask() {
    assertInstanceOf(OutOfMemoryError.class, failure(Faults::direct, 64));
  }

  @Test
  void aStackThatOverflowsIsAnErrorOfTheTask() throws Exception {
    long before = pool.call(_ -> ProcessHandle.current().pid(), 0).get();
    assertInstanceOf(StackOverflowError.class, failure(Faults::deeper, 0));
    assertEquals(before, pool.call(_ -> ProcessHandle.current().pid(), 0).get());
  }

  @Test
  void manyThreadsAreTheWorkersOwn() throws Exception {
    assertEquals(500, pool.call(Faults::threads, 500).get());
  }

  @Test
  void aFloodOfLinesHoldsNothingUp() throws Exception {
    assertEquals(100_000, pool.call(Faults::flood, 100_000).get(60, TimeUnit.SECONDS));
  }

  @Test
  void closedStreamsAreNoneOfThePoolsBusiness() throws Exception {
    assertEquals(7, pool.call(Faults::closeStreams, 7).get());
    assertEquals(8, pool.call(Faults::flood, 8).get());
  }

  @Test
  void closedDescriptorsCostAtMostTheTask() throws Exception {
    try {
      assertEquals(7, pool.call(Faults::closeDescriptors, 7).get(60, TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      assertInstanceOf(WorkerDiedException.class, e.getCause());
    }
  }

  // ---- what does not travel

  @Test
  void aResultThatCannotBeWrittenFailsItsTaskAlone() throws Exception {
    long before = pool.call(_ -> ProcessHandle.current().pid(), 0).get();
    for (boolean error : new boolean[] {false, true}) {
      Throwable e = failure(_ -> new Faults.Value(true, error), 0);
      assertTrue(String.valueOf(e.getMessage()).contains("travel"), e.toString());
    }
    assertEquals(before, pool.call(_ -> ProcessHandle.current().pid(), 0).get());
  }

  @Test
  void aResultThatCannotBeReadFailsItsTaskAlone() throws Exception {
    long before = pool.call(_ -> ProcessHandle.current().pid(), 0).get();
    for (boolean error : new boolean[] {false, true}) {
      Throwable e = failure(_ -> new Faults.Value(false, error), 0);
      assertTrue(String.valueOf(e.getMessage()).contains("can't be read"), e.toString());
    }
    assertEquals(before, pool.call(_ -> ProcessHandle.current().pid(), 0).get());
  }

  @Test
  void aResultOfAClassThatIsNotHereFailsItsTaskAlone() {
    Throwable e = failure(Faults::stranger, 0);
    assertTrue(String.valueOf(e.getMessage()).contains("Faults$Shelf"), e.toString());
  }

  @Test
  void aResultOfManyLevelsArrivesOrFailsItsTaskAlone() throws Exception {
    long before = pool.call(_ -> ProcessHandle.current().pid(), 0).get();
    try {
      assertInstanceOf(Faults.Shell.class, pool.call(Faults::deep, 100_000).get());
    } catch (ExecutionException e) {
      assertInstanceOf(IllegalStateException.class, e.getCause());
    }
    assertEquals(before, pool.call(_ -> ProcessHandle.current().pid(), 0).get());
  }

  @Test
  void anExceptionIsToldWhateverItsClassDoes() throws Exception {
    long before = pool.call(_ -> ProcessHandle.current().pid(), 0).get();
    Throwable e =
        failure(
            _ -> {
              throw new Faults.HostileException();
            },
            0);
    assertTrue(e.toString().contains("HostileException"), e.toString());
    assertEquals(before, pool.call(_ -> ProcessHandle.current().pid(), 0).get());
  }

  @Test
  void exceptionsThatCauseEachOtherArrive() {
    Throwable e =
        failure(
            _ -> {
              var a = new IllegalStateException("a");
              var b = new IllegalStateException("b", a);
              a.initCause(b);
              b.addSuppressed(a);
              throw a;
            },
            0);
    assertEquals("a", e.getMessage());
    Throwable b = Objects.requireNonNull(e.getCause());
    assertEquals("b", b.getMessage());
    assertEquals(e, b.getCause());
  }

  // ---- what is no message

  /** Frames that nobody should send. */
  enum Frame {
    UNKNOWN_KIND(0, 0, 0, 3, 99, 98, 97),
    TOO_LONG(0x7F, 0xFF, 0xFF, 0xFF, 11),
    NEGATIVE_LENGTH(0xFF, 0xFF, 0xFF, 0xFF, 11),
    EMPTY(0, 0, 0, 0),
    CUT_OFF_INSIDE(0, 0, 0, 2, 10, 0x80),
    SKIP_OF_NOTHING(0, 0, 0, 1, 12),
    ITEMS_OF_NO_BATCH(0, 0, 0, 13, 13, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1);

    final int[] bytes;

    Frame(int... bytes) {
      this.bytes = bytes;
    }
  }

  @ParameterizedTest
  @EnumSource
  void garbageEndsTheWorkerThatSentIt(Frame frame) {
    int[] bytes = frame.bytes;
    Throwable e = failure(_ -> Faults.send(bytes) + Faults.spinSeconds(20), 0);
    assertEquals(
        WorkerDiedException.Cause.GARBAGE,
        assertInstanceOf(WorkerDiedException.class, e).reason(),
        e.toString());
  }

  @Test
  void anAnswerBeforeGarbageCounts() throws Exception {
    // RETURNED with the run time 1 and no value, then rubbish: the first is the task's end.
    Throwable e =
        failure(_ -> Faults.send(0, 0, 0, 2, 10, 2, 0, 0, 0, 1, 99) + Faults.spinSeconds(20), 0);
    assertTrue(String.valueOf(e.getMessage()).contains("can't be read"), e.toString());
  }

  // ---- time

  @Test
  void aTaskThatHeedsNothingIsKilledAtItsTimeout() {
    var rules = TaskRules.plain().withTimeout(Duration.ofMillis(50));
    var task = pool.call(rules, Faults::spinSeconds, 60);
    var e = assertThrows(ExecutionException.class, () -> task.get(60, TimeUnit.SECONDS));
    assertInstanceOf(DeadlineException.class, e.getCause());
  }
}
