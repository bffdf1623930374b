package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a block did, and what its deadline did, in either order: who decides the outcome. */
@HangGuard
class DeadlineDecidesTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private final HandClock clock = new HandClock();

  static Stream<Throwable> exceptions() {
    return Stream.of(
        new IOException("io"),
        new IllegalStateException("unchecked"),
        new SocketException("Closed by interrupt"),
        new InterruptedException("interrupt"),
        new DeadlineException("somebody else's"),
        new CancelledException(CancelReason.requested("somebody else's")));
  }

  @AfterEach
  void noFlagIsLeft() {
    assertFalse(Thread.currentThread().isInterrupted());
  }

  private <T, X extends Exception> T onHandClock(Work<T, X> work) throws X, InterruptedException {
    return Tasks.time(clock).<T, X>scope(s -> work.call());
  }

  /** The deadline strikes now; the current thread is interrupted. */
  private void strike() {
    clock.advance(Duration.ofSeconds(2));
    assertTrue(Thread.currentThread().isInterrupted());
  }

  @Test
  void aValueBeforeItStruckIsTheValueEvenIfSeenLate() throws Exception {
    var frame = new Frame[1];
    int value =
        Tasks.within(
            Duration.ofHours(1),
            () -> {
              frame[0] = Frame.current();
              return 1;
            });
    assertFalse(frame[0].tryClaim(CancelReason.requested("too late")));
    assertEquals(1, value);
  }

  @ParameterizedTest
  @MethodSource("exceptions")
  void anExceptionBeforeItStruckIsThatException(Throwable own) throws Exception {
    Throwable thrown =
        assertThrows(
            Throwable.class,
            () ->
                onHandClock(() ->
                    Tasks.within(
                        SECOND,
                        () -> {
                          throw Failures.<Exception>sneaky(own);
                        })));
    assertSame(own, thrown);
    assertEquals(0, clock.pendingAlarms());
  }

  @Test
  void aValueAfterItStruckIsTheValueAndTheOverrunIsCounted() throws Exception {
    long before = Tasks.snapshot().overruns();
    int value =
        onHandClock(() ->
            Tasks.within(
                SECOND,
                () -> {
                  strike();
                  return 1;
                }));
    assertEquals(1, value);
    assertEquals(before + 1, Tasks.snapshot().overruns());
  }

  @ParameterizedTest
  @MethodSource("exceptions")
  void anyExceptionAfterItStruckIsSuppressedInADeadlineException(Throwable own) {
    var thrown =
        assertThrows(
            DeadlineException.class,
            () ->
                onHandClock(() ->
                    Tasks.within(
                        SECOND,
                        () -> {
                          strike();
                          throw Failures.<Exception>sneaky(own);
                        })));
    assertArrayEquals(new Throwable[] {own}, thrown.getSuppressed());
    assertTrue(thrown.getMessage().contains("1 s"), thrown::getMessage);
  }

  @Test
  void anErrorAfterItStruckIsTheError() {
    var own = new OutOfMemoryError("object");
    Work<Object, RuntimeException> body =
        () -> {
          strike();
          throw own;
        };
    assertSame(own, assertThrows(Error.class, () -> onHandClock(() -> Tasks.within(SECOND, body))));
    Thread.interrupted();
  }

  @Test
  void theJdksFormHasTheDeadlineAsItsCause() {
    var thrown =
        assertThrows(
            TimeoutException.class,
            () ->
                onHandClock(() ->
                    Tasks.timed(
                        SECOND,
                        () -> {
                          strike();
                          return new Stuck().block();
                        })));
    assertInstanceOf(DeadlineException.class, thrown.getCause());
    assertInstanceOf(InterruptedException.class, thrown.getCause().getSuppressed()[0]);
  }

  @Test
  void theFormWithAFallbackGivesItForItsOwnDeadlineOnly() throws Exception {
    assertEquals(
        2,
        onHandClock(() ->
            Tasks.withinOr(
                SECOND,
                2,
                () -> {
                  strike();
                  return new Stuck().block();
                })));
    var own = new DeadlineException("the body's");
    assertSame(
        own,
        assertThrows(
            DeadlineException.class,
            () ->
                Tasks.withinOr(
                    SECOND,
                    2,
                    () -> {
                      throw own;
                    })));
  }

  @Test
  void aBlockThatSwallowsItsInterruptIsToldAgainAtItsNextWait() {
    assertThrows(
        DeadlineException.class,
        () ->
            onHandClock(() ->
                Tasks.within(
                    SECOND,
                    () -> {
                      strike();
                      assertThrows(InterruptedException.class, new Stuck()::block);
                      Tasks.sleep(Duration.ofDays(1));
                      return null;
                    })));
  }

  @Test
  void aScopeOpenedAfterItStruckIsCancelledAtOnce() {
    assertThrows(
        DeadlineException.class,
        () ->
            onHandClock(() ->
                Tasks.within(
                    SECOND,
                    () -> {
                      strike();
                      Thread.interrupted();
                      return Tasks.scope(s -> s.fork(new Stuck()::block).join());
                    })));
  }

  @Test
  void aMapBegunAfterItStruckDoesNotReturnHoles() {
    assertThrows(
        DeadlineException.class,
        () ->
            onHandClock(() ->
                Tasks.within(
                    SECOND,
                    () -> {
                      strike();
                      Thread.interrupted();
                      return Tasks.map(java.util.List.of(1, 2), i -> i);
                    })));
  }

  @Test
  void anOverrunOfAWholeShapeIsCountedToo() throws Exception {
    long before = Tasks.snapshot().overruns();
    int value =
        Tasks.time(clock)
            .within(SECOND)
            .scope(s -> {
              strike();
              Thread.interrupted();
              return 1;
            });
    assertEquals(1, value);
    assertTrue(Tasks.snapshot().overruns() > before);
  }
}
