package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Input that is pulled: when, on which thread, how far ahead; and when it is closed. */
@HangGuard
class LazyInputTest {
  /** Numbers from 0, which records how it is used. */
  private static final class Source implements Iterable<Integer>, AutoCloseable {
    final int size;
    final AtomicInteger completed = new AtomicInteger();
    final Thread owner = Thread.currentThread();
    int pulled;
    int worstAhead;
    int closed;

    Source(int size) {
      this.size = size;
    }

    @Override
    public Iterator<Integer> iterator() {
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          assertSame(owner, Thread.currentThread());
          return pulled < size;
        }

        @Override
        public Integer next() {
          assertSame(owner, Thread.currentThread());
          if (pulled == size) throw new NoSuchElementException();
          int next = pulled++;
          worstAhead = Math.max(worstAhead, pulled - completed.get());
          return next;
        }
      };
    }

    int complete(int i) {
      completed.incrementAndGet();
      return i;
    }

    @Override
    public void close() {
      closed++;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void noMoreThanTheLimitIsPulledAndNotCompleted(int limit) throws Exception {
    var source = new Source(300);
    List<Integer> results = Tasks.limit(limit).map(source, source::complete);
    assertEquals(IntStream.range(0, 300).boxed().toList(), results);
    assertTrue(source.worstAhead <= limit, "ahead by " + source.worstAhead);
    assertEquals(1, source.closed);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void theStreamingFormHoldsAtMostTheLimit(int limit) {
    var source = new Source(100);
    try (var done = Tasks.limit(limit).asCompleted(source, i -> i)) {
      for (var c : done) {
        assertEquals(c.input(), c.outcome().orThrow());
        // An item is through once it has been handed out.
        source.completed.incrementAndGet();
      }
    }
    assertTrue(source.worstAhead <= limit, "ahead by " + source.worstAhead);
    assertEquals(100, source.pulled);
    assertEquals(1, source.closed);
  }

  @Test
  void anEndlessInputIsFineIfSomethingEndsTheMap() {
    var endless = new Source(Integer.MAX_VALUE);
    assertThrows(
        IOException.class,
        () ->
            Tasks.limit(4)
                .map(
                    endless,
                    i -> {
                      if (i == 1000) throw new IOException("enough");
                      return endless.complete(i);
                    }));
    assertTrue(endless.pulled < 1100, "pulled " + endless.pulled);
    assertEquals(1, endless.closed);
  }

  @Test
  void streamsAreClosedHoweverItEnds() throws Exception {
    var closed = new AtomicInteger();
    Tasks.map(Stream.of(1).onClose(closed::incrementAndGet), i -> i);
    assertEquals(1, closed.get());
    assertThrows(
        ArithmeticException.class,
        () -> Tasks.map(Stream.of(0).onClose(closed::incrementAndGet), i -> 1 / i));
    assertEquals(2, closed.get());
    Tasks.forEach(Stream.of(1).onClose(closed::incrementAndGet), i -> {});
    assertEquals(3, closed.get());
    var stuck = new Stuck();
    var caller =
        Caller.start(
            () -> Tasks.map(Stream.of(1).onClose(closed::incrementAndGet), i -> stuck.block()));
    stuck.awaitBegun();
    caller.interrupt();
    assertInstanceOf(InterruptedException.class, caller.failure());
    assertEquals(4, closed.get());
  }

  @Test
  void everyShapeClosesItsInput() throws Exception {
    for (Fn<Source, Object, Exception> shape :
        List.<Fn<Source, Object, Exception>>of(
            s -> Tasks.map(s, i -> i),
            s -> Tasks.settle(s, i -> i),
            s -> Tasks.anyOf(s, i -> i),
            s -> Tasks.raceOf(s, i -> i),
            s -> Tasks.quorum(2, s, i -> i),
            s -> Tasks.mapReduce(s, i -> i, 0, Integer::sum),
            s -> {
              Tasks.inOrder(s, i -> i).close();
              return null;
            })) {
      var source = new Source(3);
      shape.apply(source);
      assertEquals(1, source.closed);
    }
  }

  @Test
  void anInputThatCannotServeIsClosedAllTheSame() {
    var none = new Source(0);
    assertThrows(IllegalArgumentException.class, () -> Tasks.anyOf(none, i -> i));
    assertEquals(1, none.closed);
    var few = new Source(2);
    assertThrows(IllegalArgumentException.class, () -> Tasks.quorum(3, few, i -> i));
    assertEquals(1, few.closed);
    var late = new Source(2);
    assertThrows(
        DeadlineException.class,
        () -> Tasks.within(java.time.Duration.ZERO).mapReduce(late, i -> i, 0, Integer::sum));
    assertEquals(1, late.closed);
  }

  @Test
  void theEnclosingScopeClosesTheInputOfAnOpenForm() throws Exception {
    var source = new Source(5);
    Tasks.runScope(s -> Tasks.asCompleted(source, i -> i).iterator().next());
    assertEquals(1, source.closed);
  }

  @Test
  void whatTheIteratorThrowsEndsTheMap() {
    var own = new IllegalStateException("input");
    var stuck = new Stuck();
    Iterable<Integer> failing =
        () ->
            new Iterator<>() {
              private boolean first = true;

              @Override
              public boolean hasNext() {
                return true;
              }

              @Override
              public Integer next() {
                if (!first) {
                  try {
                    stuck.awaitBegun();
                  } catch (InterruptedException e) {
                    throw new AssertionError(e);
                  }
                  throw own;
                }
                first = false;
                return 1;
              }
            };
    assertSame(
        own, assertThrows(RuntimeException.class, () -> Tasks.map(failing, i -> stuck.block())));
    assertEquals(1, stuck.interrupts());
  }

  @Test
  void aFailureSurfacesWhileTheInputBlocks() {
    var own = new IOException("item");
    Iterable<Integer> blocking =
        () ->
            new Iterator<>() {
              private int next;

              @Override
              public boolean hasNext() {
                if (next == 0) return true;
                try {
                  return new Stuck().<Object>block() != null;
                } catch (InterruptedException e) {
                  throw new IllegalStateException("interrupted while reading", e);
                }
              }

              @Override
              public Integer next() {
                return next++;
              }
            };
    Throwable thrown =
        assertThrows(
            IOException.class,
            () ->
                Tasks.map(
                    blocking,
                    i -> {
                      throw own;
                    }));
    assertSame(own, thrown);
    assertFalse(Thread.currentThread().isInterrupted());
  }

  @Test
  void aFailureToCloseAfterAFailureIsSuppressedInIt() {
    var own = new IOException("item");
    var close = new IllegalStateException("close");
    Stream<Integer> stream =
        Stream.of(1)
            .onClose(() -> {
              throw close;
            });
    assertSame(
        own,
        assertThrows(
            IOException.class,
            () ->
                Tasks.map(
                    stream,
                    i -> {
                      throw own;
                    })));
    assertSame(close, own.getSuppressed()[0]);
  }
}
