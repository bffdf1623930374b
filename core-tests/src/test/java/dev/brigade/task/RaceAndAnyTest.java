package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.engine.Engine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which branch decides, and what becomes of the others. */
@HangGuard
class RaceAndAnyTest {
  private static final IOException FIRST = new IOException("first");

  private static <T> Work<T, IOException> failing(IOException e) {
    return () -> {
      throw e;
    };
  }

  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void theFirstSuccessCancelsTheLosersAndWaitsForThem(EachEngine.Opener opener) throws Exception {
    var loser = new Stuck();
    try (Engine e = opener.open()) {
      int won =
          Tasks.on(e)
              .<Integer, RuntimeException>any(
                  loser::block,
                  () -> {
                    loser.awaitBegun();
                    return 1;
                  });
      assertEquals(1, won);
      assertEquals(1, loser.interrupts());
      assertEquals(1, loser.ended());
    }
  }

  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void aLoserThatFailsAfterTheWinDoesNotSpoilIt(EachEngine.Opener opener) throws Exception {
    var loser = new Stuck();
    Work<Integer, Exception> sore =
        () -> {
          try {
            return loser.block();
          } catch (InterruptedException x) {
            throw new IOException("sore loser");
          }
        };
    try (Engine e = opener.open()) {
      for (boolean race : new boolean[] {false, true}) {
        Work<Integer, Exception> winner =
            () -> {
              loser.awaitBegun();
              return 1;
            };
        FanOut on = Tasks.on(e);
        assertEquals(1, race ? on.race(sore, winner) : on.any(sore, winner));
      }
    }
  }

  @Test
  void aFailureLosesAnAnyAndWinsARace() throws Exception {
    var failed = new CountDownLatch(1);
    Work<Integer, IOException> second =
        () -> {
          failed.await();
          return 2;
        };
    Work<Integer, IOException> first =
        () -> {
          failed.countDown();
          throw FIRST;
        };
    assertEquals(2, Tasks.any(first, second));
    var stuck = new Stuck();
    assertSame(
        FIRST, assertThrows(IOException.class, () -> Tasks.race(failing(FIRST), stuck::block)));
    assertEquals(stuck.ended(), stuck.interrupts());
  }

  @Test
  void whenAllFailTheFirstFailureIsPrimaryAndTheOthersAreSuppressed() {
    var first = new IOException("first");
    var second = new IOException("second");
    var third = new AssertionError("third");
    var a = new CountDownLatch(1);
    var b = new CountDownLatch(1);
    Throwable thrown =
        assertThrows(
            IOException.class,
            () ->
                Tasks.limit(3)
                    .any(
                        () -> {
                          b.await();
                          throw third;
                        },
                        () -> {
                          a.await();
                          settled(b, second);
                          return 0;
                        },
                        () -> {
                          settled(a, first);
                          return 0;
                        }));
    assertSame(first, thrown);
    assertEquals(2, thrown.getSuppressed().length);
    assertTrue(List.of(thrown.getSuppressed()).containsAll(List.of(second, third)));
  }

  /** Throws; what waits for the latch goes on only once the throw is far on its way. */
  private static void settled(CountDownLatch latch, IOException e) throws IOException {
    Thread me = Thread.currentThread();
    Thread.ofVirtual()
        .start(() -> {
          while (me.isAlive()) Thread.onSpinWait();
          latch.countDown();
        });
    throw e;
  }

  @Test
  void nullIsALegalResult() throws Exception {
    Work<Object, RuntimeException> none = () -> null;
    assertNull(Tasks.any(none));
    assertNull(Tasks.race(none));
    assertNull(Tasks.any(none, none));
    assertNull(Tasks.scope(s -> null));
    assertEquals(new Two<>(null, null), Tasks.all(() -> null, () -> null));
    List<Object> nulls = new ArrayList<>();
    nulls.add(null);
    nulls.add(null);
    assertEquals(nulls, Tasks.map(List.of(1, 2), i -> null));
    assertEquals(nulls, Tasks.map(nulls, i -> i));
    assertEquals(nulls, Tasks.quorum(2, List.of(1, 2), i -> null));
    assertArrayEquals(
        new Object[] {new Outcome.Success<>(null)}, Tasks.settle(List.of(1), i -> null).toArray());
    assertNull(Tasks.mapReduce(List.of(1, 2), i -> null, null, (a, b) -> null));
    try (var done = Tasks.asCompleted(List.of(1), i -> null)) {
      assertNull(done.iterator().next().outcome().orThrow());
    }
  }

  @Test
  void emptyInputGivesNothingWhereAllAreAskedAndIsRefusedWhereOneIs() throws Exception {
    List<Work<Integer, RuntimeException>> none = List.of();
    assertEquals(List.of(), Tasks.map(List.of(), i -> i));
    assertEquals(List.of(), Tasks.map(java.util.stream.Stream.of(), i -> i));
    assertEquals(List.of(), Tasks.settle(none));
    assertEquals(List.of(), Tasks.all(none));
    assertEquals(5, Tasks.mapReduce(List.<Integer>of(), i -> i, 5, Integer::sum));
    try (var done = Tasks.asCompleted(List.of(), i -> i)) {
      assertEquals(false, done.iterator().hasNext());
    }
    for (var refused :
        List.<org.junit.jupiter.api.function.Executable>of(
            () -> Tasks.any(none),
            () -> Tasks.race(none),
            () -> Tasks.anyOf(List.of(), i -> i),
            () -> Tasks.quorum(1, List.of(), i -> i))) {
      var e = assertThrows(IllegalArgumentException.class, refused);
      assertTrue(e.getMessage().contains("at least 1"), e::getMessage);
      assertTrue(e.getMessage().contains("0"), e::getMessage);
    }
  }

  @Test
  void aQuorumEndsWithItsLastNeededSuccess() throws Exception {
    var stuck = new Stuck();
    List<Integer> two =
        Tasks.quorum(
            2,
            List.of(0, 1, 2, 3),
            i -> {
              if (i == 0) return stuck.block();
              if (i == 1) throw new IOException("one may fail");
              stuck.awaitBegun();
              return i;
            });
    assertEquals(java.util.Set.of(2, 3), java.util.Set.copyOf(two));
    assertEquals(1, stuck.interrupts());
  }

  @Test
  void aQuorumFailsAsSoonAsItCanNoLongerBeReached() {
    var stuck = new Stuck(2);
    assertThrows(
        IOException.class,
        () ->
            Tasks.quorum(
                3,
                List.of(0, 1, 2, 3),
                i -> {
                  if (i < 2) return stuck.block();
                  stuck.awaitBegun();
                  throw new IOException("failure " + i);
                }));
    assertEquals(2, stuck.interrupts());
  }
}
