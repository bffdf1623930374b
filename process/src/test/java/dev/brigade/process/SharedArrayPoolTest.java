package dev.brigade.process;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.task.Fn;
import dev.brigade.task.Tasks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Arrays as arguments and results of a real pool's tasks. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedArrayPoolTest {
  private static ProcessPool pool;
  private static @Nullable SharedArray kept;

  private int descriptors;
  private long mapped;

  @BeforeAll
  static void open() {
    pool = ProcessPool.open(1);
  }

  @AfterAll
  static void close() {
    pool.close();
  }

  @BeforeEach
  void note() throws IOException {
    descriptors = Footprint.descriptors();
    mapped = Footprint.mapped();
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    assertEquals(mapped, Footprint.mapped(), "mapped here");
    // A task's lease ends just after its result is there.
    Awaitility.await().until(() -> Footprint.descriptors() == descriptors);
    Awaitility.await()
        .until(
            () -> SharedArrayPoolTest.<String, Integer>in(_ -> Footprint.descriptors(), "") == 0);
    assertEquals(Long.valueOf(0), in(_ -> Footprint.mapped(), ""), "mapped there");
  }

  private static <A, R> R in(Fn<? super A, ? extends R, ?> function, A argument) throws Exception {
    return pool.<A, R>call(function, argument).get();
  }

  private static double sum(SharedArray a) {
    return SharedArrayProcessesTest.sum(a.doubles());
  }

  @Test
  void argumentIsSeenAndWrittenTo() throws Exception {
    try (SharedArray a = SharedArray.of(new double[] {1, 2, 3})) {
      double unused = in(x -> x.doubles().put(0, sum(x)).get(0), a);
      assertEquals(6, a.doubles().get(0));
    }
  }

  @Test
  void resultBelongsToTheCaller() throws Exception {
    try (SharedArray a = in(n -> SharedArray.of(new int[n]), 1000)) {
      assertEquals(1000, a.length());
    }
  }

  @Test
  void closedRightAfterSubmittingItIsThereNevertheless() throws Exception {
    ProcessTask<Double> task;
    try (SharedArray a = SharedArray.of(new double[] {4, 5})) {
      task = pool.call(SharedArrayPoolTest::sum, a);
    }
    assertEquals(9, task.get());
  }

  @Test
  void itemsOfAMapHaveArraysOfTheirOwn() throws Exception {
    List<Integer> lengths = List.of(1, 2, 3, 4, 5, 6, 7);
    List<SharedArray> made = Tasks.on(pool).map(lengths, n -> SharedArray.of(new byte[n]));
    List<Long> seen = Tasks.on(pool).map(made, SharedArray::length);
    made.forEach(SharedArray::close);
    assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L), seen);
  }

  @Test
  void oneArrayServesManyTasksInSlices() throws Exception {
    double[] values = new double[100];
    Arrays.fill(values, 1);
    try (SharedArray a = SharedArray.of(values)) {
      List<SharedArray> parts = new ArrayList<>();
      for (int i = 0; i < 100; i += 10) parts.add(a.slice(i, i + 10).readOnly());
      assertEquals(
          100,
          Tasks.on(pool).map(parts, SharedArrayPoolTest::sum).stream().mapToDouble(d -> d).sum());
    }
  }

  @Test
  void capturedByAFunctionItIsThereForAllItems() throws Exception {
    int count = 4_000;
    List<Integer> indices = new ArrayList<>();
    for (int i = 0; i < count; i++) indices.add(i);
    int[] values = new int[count];
    Arrays.setAll(values, i -> i * 2);
    try (SharedArray table = SharedArray.of(values).readOnly()) {
      List<int[]> seen =
          Tasks.on(pool)
              .map(indices, i -> new int[] {table.ints().get(i), System.identityHashCode(table)});
      for (int i = 0; i < count; i++) assertEquals(i * 2, seen.get(i)[0]);
      long functions = seen.stream().mapToInt(s -> s[1]).distinct().count();
      assertTrue(functions < count, "no two items were sent together");
      int one = in(i -> table.ints().get(i), 7);
      assertEquals(14, one);
    }
  }

  @Test
  void givenAwayItIsGoneWhenTheTaskIsAccepted() throws Exception {
    SharedArray a = SharedArray.of(new double[] {4, 5});
    ProcessTask<Double> task = pool.call(SharedArrayPoolTest::sum, a.transfer());
    assertThrows(IllegalStateException.class, a::doubles);
    assertEquals(9, task.get());
  }

  @Test
  void givenAwayToATaskThatIsRefusedItIsStillHere() throws Exception {
    var shut = ProcessPool.open(1);
    shut.close();
    try (SharedArray a = SharedArray.of(new double[] {4, 5})) {
      assertThrows(
          RejectedExecutionException.class,
          () -> shut.call(SharedArrayPoolTest::sum, a.transfer()));
      Object stuck = new Object();
      assertThrows(
          RejectedExecutionException.class,
          () -> pool.call(x -> x.size() + stuck.hashCode(), List.of(a.transfer())));
      assertEquals(9, sum(a));
    }
  }

  @Test
  void failedTaskReleasesItsArgument() throws Exception {
    try (SharedArray a = SharedArray.of(new double[] {4, 5})) {
      var e =
          assertThrows(
              ExecutionException.class,
              () ->
                  in(
                      x -> {
                        throw new IllegalStateException("" + x.length());
                      },
                      a));
      assertInstanceOf(IllegalStateException.class, e.getCause());
    }
  }

  @Test
  void resultThatCannotTravelReleasesItsArrays() {
    var e =
        assertThrows(
            ExecutionException.class,
            () -> in(_ -> new Object[] {SharedArray.of(new int[9]), new Object()}, ""));
    assertTrue(String.valueOf(e.getCause()).contains("can't travel"), String.valueOf(e.getCause()));
  }

  @Test
  void keptArgumentIsThereForLaterTasks() throws Exception {
    try (SharedArray a = SharedArray.of(new double[] {4, 5})) {
      boolean unused =
          in(
              x -> {
                kept = x.keep();
                return true;
              },
              a);
    }
    Double sum = in(_ -> sum(Objects.requireNonNull(kept)), "");
    assertEquals(9, sum);
    boolean unused =
        in(
            _ -> {
              Objects.requireNonNull(kept).close();
              return true;
            },
            "");
  }

  @Test
  void workerThatDiesWithArraysLeavesNothing() throws Exception {
    try (SharedArray a = SharedArray.of(new double[] {4, 5})) {
      var task =
          pool.call(
              x -> {
                SharedArray made = SharedArray.of(new double[100_000]);
                Runtime.getRuntime().halt((int) (made.length() + x.length()));
                return x;
              },
              a);
      var e = assertThrows(ExecutionException.class, task::get);
      assertInstanceOf(WorkerDiedException.class, e.getCause());
      assertEquals(9, in(SharedArrayPoolTest::sum, a));
    }
    assertEquals(List.of(), Footprint.names());
  }

  @Test
  void argumentComesBackInTheSameMemory() throws Exception {
    try (SharedArray a = SharedArray.of(new double[] {4, 5})) {
      try (SharedArray b = in(x -> x, a)) {
        b.doubles().put(0, 8);
      }
      assertArrayEquals(new double[] {8, 5}, a.toArray(double[].class));
      assertFalse(a.isReadOnly());
    }
  }
}
