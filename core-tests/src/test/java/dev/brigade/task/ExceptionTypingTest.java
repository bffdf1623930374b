package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import dev.brigade.policy.Limit;
import dev.brigade.policy.RefusedException;
import dev.brigade.policy.WaitTooLongException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/**
 * Which checked exceptions the compiler sees. Most of it is proved by the throws clauses of the
 * private methods: a wider inferred type would not compile.
 */
@HangGuard
class ExceptionTypingTest {
  private static int read(int i) throws IOException {
    if (i < 0) throw new FileNotFoundException("i=" + i);
    return i;
  }

  private static int query(int i) throws SQLException {
    if (i < 0) throw new SQLException("i=" + i);
    return i;
  }

  private static List<Integer> mapInfersOne(int i) throws IOException, InterruptedException {
    return Tasks.map(List.of(i), ExceptionTypingTest::read);
  }

  private static List<Integer> aBodyThatSleepsStillInfersItsOwn(int i)
      throws IOException, InterruptedException {
    return Tasks.map(
        List.of(i),
        x -> {
          Thread.sleep(0);
          return read(x);
        });
  }

  private static List<Integer> aBodyThatNestsStillInfersItsOwn(int i)
      throws IOException, InterruptedException {
    return Tasks.map(
        List.of(i),
        x ->
            Tasks.scope(s -> {
              Tasks.forEach(List.of(x), ExceptionTypingTest::read);
              return Tasks.within(Duration.ofHours(1), () -> read(x));
            }));
  }

  private static List<Integer> aBodyWithoutCheckedOnesInfersNone(int i)
      throws InterruptedException {
    return Tasks.map(List.of(i), x -> x + 1);
  }

  private static Two<Integer, Integer> eachBranchHasItsOwn(int a, int b)
      throws IOException, SQLException, InterruptedException {
    return Tasks.all(() -> read(a), () -> query(b));
  }

  private static Three<Integer, Integer, Integer> threeBranches(int c)
      throws IOException, SQLException, URISyntaxException, InterruptedException {
    return Tasks.all(
        () -> read(1),
        () -> query(2),
        () -> {
          if (c < 0) throw new URISyntaxException("", "c");
          return c;
        });
  }

  private static int severalUnrelatedOnesInferTheirCommonSupertype(int i) throws Exception {
    return Tasks.within(
        Duration.ofHours(1),
        () -> {
          if (i == 0) throw new IOException("zero");
          return query(i);
        });
  }

  private static int deadlinesInferOne(int i) throws IOException, InterruptedException {
    return Tasks.within(Duration.ofHours(1), () -> read(i))
        + Tasks.withinOr(Duration.ofHours(1), 0, () -> read(i))
        + Tasks.shield(Duration.ofHours(1), () -> read(i))
        + Tasks.shieldApart(Duration.ofHours(1), () -> read(i));
  }

  private static int theJdksFormAddsOnlyTheTimeout(int i)
      throws IOException, InterruptedException, TimeoutException {
    return Tasks.timed(Duration.ofHours(1), () -> read(i));
  }

  private static int contestsInferOne(int i) throws IOException, InterruptedException {
    return Tasks.any(() -> read(i), () -> read(i))
        + Tasks.race(() -> read(i))
        + Tasks.anyOf(List.of(i), ExceptionTypingTest::read)
        + Tasks.quorum(1, List.of(i), ExceptionTypingTest::read).getFirst()
        + Tasks.mapReduce(List.of(i), ExceptionTypingTest::read, 0, Integer::sum);
  }

  private static List<Outcome<Integer>> settlingThrowsNone(int i) throws InterruptedException {
    return Tasks.settle(List.of(i), ExceptionTypingTest::read);
  }

  @Test
  void theObjectThatIsThrownIsTheOneTheBodyThrew() {
    var own = new FileNotFoundException("own");
    Work<Integer, FileNotFoundException> failing =
        () -> {
          throw own;
        };
    assertSame(own, assertThrows(IOException.class, () -> Tasks.all(failing, () -> 1)));
    assertSame(own, assertThrows(IOException.class, () -> Tasks.any(failing)));
    assertSame(own, assertThrows(IOException.class, () -> Tasks.race(failing)));
    assertSame(
        own, assertThrows(IOException.class, () -> Tasks.map(List.of(1), x -> failing.call())));
    assertSame(
        own, assertThrows(IOException.class, () -> Tasks.within(Duration.ofHours(1), failing)));
    assertSame(own, assertThrows(IOException.class, () -> Tasks.scope(s -> failing.call())));
    assertSame(
        own,
        assertThrows(TaskFailedException.class, () -> Tasks.scope(s -> s.fork(failing).join()))
            .getCause());
  }

  @Test
  void whatIsInferredIsCaughtByItsType() throws Exception {
    for (int i : new int[] {1, -1}) {
      try {
        assertEquals(List.of(i), mapInfersOne(i));
        assertEquals(List.of(i), aBodyThatSleepsStillInfersItsOwn(i));
        assertEquals(List.of(i), aBodyThatNestsStillInfersItsOwn(i));
        assertEquals(List.of(i + 1), aBodyWithoutCheckedOnesInfersNone(i));
        assertEquals(3 * i + i, deadlinesInferOne(i));
        assertEquals(i, theJdksFormAddsOnlyTheTimeout(i));
        assertEquals(5 * i, contestsInferOne(i));
        assertEquals(i, severalUnrelatedOnesInferTheirCommonSupertype(i));
        assertEquals(1, i);
      } catch (IOException e) {
        assertEquals(-1, i);
      }
    }
    assertEquals(new Two<>(1, 2), eachBranchHasItsOwn(1, 2));
    assertThrows(SQLException.class, () -> eachBranchHasItsOwn(1, -2));
    assertThrows(FileNotFoundException.class, () -> eachBranchHasItsOwn(-1, 2));
    assertThrows(URISyntaxException.class, () -> threeBranches(-1));
    if (!(settlingThrowsNone(-1).getFirst()
        instanceof Outcome.Failed<Integer>(FileNotFoundException e))) fail("not a failure");
    else assertEquals("i=-1", e.getMessage());
  }

  @Test
  void whatTheLibraryItselfSaysIsUncheckedWithOneRoot() {
    assertSame(RuntimeException.class, TaskException.class.getSuperclass());
    for (Class<?> c :
        List.of(
            DeadlineException.class,
            CancelledException.class,
            TaskFailedException.class,
            RemoteFailureException.class,
            RefusedException.class))
      assertSame(TaskException.class, c.getSuperclass(), c.getName());
    for (Class<?> c : List.of(Limit.FullException.class, WaitTooLongException.class))
      assertSame(RefusedException.class, c.getSuperclass(), c.getName());
  }
}
