package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Where the failures go that are not the first. */
@HangGuard
class SuppressedFailuresTest {
  private static List<Integer> upTo(int n) {
    return IntStream.range(0, n).boxed().toList();
  }

  @Test
  void theFirstToCompleteIsThrownAndTheOthersAreSuppressedInIt() {
    var together = new CyclicBarrier(5);
    Exception thrown =
        assertThrows(
            IOException.class,
            () ->
                Tasks.map(
                    upTo(5),
                    i -> {
                      try {
                        together.await();
                      } catch (InterruptedException e) {
                        throw new IOException("woken " + i, e);
                      } catch (java.util.concurrent.BrokenBarrierException e) {
                        throw new IOException("broken " + i, e);
                      }
                      throw new IOException("failure " + i);
                    }));
    assertTrue(thrown.getMessage().startsWith("failure"), thrown::toString);
    assertEquals(4, thrown.getSuppressed().length);
  }

  @Test
  void whatACleanUpThrowsIsSuppressedToo() {
    var first = new IOException("first");
    var cleanUp = new IllegalStateException("clean-up");
    var stuck = new Stuck();
    Throwable thrown =
        assertThrows(
            IOException.class,
            () ->
                Tasks.all(
                    () -> {
                      stuck.awaitBegun();
                      throw first;
                    },
                    () -> {
                      try {
                        return stuck.block();
                      } finally {
                        fail(cleanUp);
                      }
                    }));
    assertSame(first, thrown);
    assertArrayEquals(new Throwable[] {cleanUp}, first.getSuppressed());
  }

  private static void fail(RuntimeException e) {
    throw e;
  }

  @Test
  void interruptsThatTheLibraryCausedAreNotReported() {
    var first = new IOException("first");
    var stuck = new Stuck(3);
    assertThrows(
        IOException.class,
        () ->
            Tasks.map(
                upTo(4),
                i -> {
                  if (i < 3) return stuck.block();
                  stuck.awaitBegun();
                  throw first;
                }));
    assertEquals(3, stuck.interrupts());
    assertEquals(0, first.getSuppressed().length);
  }

  @Test
  void atMostSixteenAreKeptAndThenACount() {
    int n = 100;
    var begun = new CountDownLatch(n);
    var first = new IOException("first");
    assertThrows(
        IOException.class,
        () ->
            Tasks.map(
                upTo(n),
                i -> {
                  begun.countDown();
                  if (i == 0) {
                    begun.await();
                    throw first;
                  }
                  try {
                    return new Stuck().block();
                  } catch (InterruptedException e) {
                    throw new IllegalStateException("loser " + i);
                  }
                }));
    Throwable[] kept = first.getSuppressed();
    assertEquals(17, kept.length);
    assertEquals("and 83 more failures", kept[16].getMessage());
  }

  @Test
  void aSharedConstantExceptionDoesNotGrowForEver() {
    var constant = new IOException("constant");
    for (int round = 0; round < 200; round++) {
      var together = new CountDownLatch(2);
      assertThrows(
          Exception.class,
          () ->
              Tasks.map(
                  upTo(2),
                  i -> {
                    together.countDown();
                    try {
                      together.await();
                      throw constant;
                    } finally {
                      if (i == 1) fail(new IllegalStateException("loser"));
                    }
                  }));
      assertThrows(
          IOException.class,
          () ->
              Tasks.any(
                  () -> {
                    throw constant;
                  },
                  () -> {
                    throw new IOException("another");
                  }));
    }
    assertTrue(constant.getSuppressed().length <= 17, "grew to " + constant.getSuppressed().length);
  }

  @Test
  void aSharedConstantDoesNotGrowByFailuresToCloseTheInput() {
    var constant = new IOException("constant");
    for (int round = 0; round < 100; round++)
      assertThrows(
          IOException.class,
          () ->
              Tasks.map(
                  new Unclosable(),
                  i -> {
                    throw constant;
                  }));
    assertTrue(constant.getSuppressed().length <= 17, "grew to " + constant.getSuppressed().length);
  }

  private static final class Unclosable implements Iterable<Integer>, AutoCloseable {
    @Override
    public Iterator<Integer> iterator() {
      return upTo(1).iterator();
    }

    @Override
    public void close() {
      throw new IllegalStateException("close");
    }
  }

  @Test
  void noCyclesAndNoneTwice() {
    var shared = new IOException("shared");
    var caused = new IllegalStateException("caused by the other", shared);
    var together = new CyclicBarrier(3);
    Throwable thrown =
        assertThrows(
            Exception.class,
            () ->
                Tasks.map(
                    upTo(3),
                    i -> {
                      together.await();
                      throw i == 0 ? caused : shared;
                    }));
    walk(thrown, new java.util.HashSet<>());
    assertTrue(thrown.getSuppressed().length <= 1);
  }

  /** Fails on a cycle: on a throwable that is its own descendant. */
  private static void walk(Throwable t, Set<Throwable> above) {
    if (t == null) return;
    assertTrue(above.add(t), "a cycle at " + t);
    walk(t.getCause(), above);
    for (Throwable s : t.getSuppressed()) walk(s, above);
    above.remove(t);
  }

  @Test
  void anExceptionThatIsItsOwnSuppressedOnesCauseIsSurvived() {
    var a = new IOException("a");
    var b = new IOException("b", a);
    a.addSuppressed(b);
    var thrown = assertThrows(IOException.class, () -> Tasks.all(() -> two(a), () -> two(b)));
    assertTrue(thrown == a || thrown == b);
    assertThrows(
        DeadlineException.class,
        () ->
            Tasks.within(
                Duration.ofMillis(1),
                () -> {
                  assertThrows(InterruptedException.class, new Stuck()::block);
                  throw a;
                }));
  }

  private static int two(IOException e) throws IOException {
    throw e;
  }

  @Test
  void aLongChainOfCausesIsSurvived() {
    Throwable chain = new IOException("end");
    for (int i = 0; i < 3000; i++) chain = new RuntimeException("link " + i, chain);
    var end = (RuntimeException) chain;
    var other = new RuntimeException("other", chain.getCause());
    var together = new CyclicBarrier(2);
    var thrown =
        assertThrows(
            RuntimeException.class,
            () ->
                Tasks.map(
                    upTo(2),
                    i -> {
                      together.await();
                      throw i == 0 ? end : other;
                    }));
    assertTrue(thrown == end || thrown == other);
  }
}
