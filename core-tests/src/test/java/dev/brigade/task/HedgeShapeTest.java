package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.engine.Engine;
import dev.brigade.testing.SerialisingEngine;
import dev.brigade.testing.VirtualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pieces started one after another until one succeeds. */
@HangGuard
class HedgeShapeTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final VirtualClock clock = new VirtualClock();
  private final List<String> starts = Collections.synchronizedList(new ArrayList<>());

  /** Takes so many seconds, and says when it began. */
  private int takes(int seconds) throws InterruptedException {
    starts.add(seconds + " at " + clock.now().toSeconds());
    Tasks.sleep(Duration.ofSeconds(seconds));
    return seconds;
  }

  private <T> T on(Work<T, ?> work) throws Exception {
    return Tasks.time(clock).<T, Exception>scope(s -> work.call());
  }

  @Test
  void theNextBeginsOnlyWhenTheDelayHasPassed() throws Exception {
    assertEquals(2, on(() -> Tasks.hedge(Duration.ofSeconds(3), () -> takes(2), () -> takes(1))));
    assertEquals(List.of("2 at 0"), starts);
    assertEquals(Duration.ofSeconds(2), clock.now());
  }

  @Test
  void theFirstSuccessWinsAndTheOthersAreCancelledAndAwaited() throws Exception {
    var slow = new Stuck();
    int won =
        Tasks.<Integer, RuntimeException>hedge(
            Duration.ZERO,
            slow::block,
            () -> {
              slow.awaitBegun();
              return 2;
            });
    assertEquals(2, won);
    assertEquals(1, slow.interrupts());
    assertEquals(1, slow.ended());
    int late =
        on(() ->
            Tasks.hedge(SECOND, () -> takes(100), () -> takes(5), () -> takes(50), () -> takes(1)));
    assertEquals(1, late);
    assertEquals(List.of("100 at 0", "5 at 1", "50 at 2", "1 at 3"), starts);
    assertEquals(Duration.ofSeconds(4), clock.now());
  }

  @Test
  void aFailureStartsTheNextAtOnce() throws Exception {
    int won =
        on(() ->
            Tasks.hedge(
                Duration.ofHours(1),
                () -> {
                  takes(2);
                  throw new IOException("first");
                },
                () -> {
                  takes(3);
                  throw new IllegalStateException("second");
                },
                () -> takes(4)));
    assertEquals(4, won);
    assertEquals(List.of("2 at 0", "3 at 2", "4 at 5"), starts);
  }

  @Test
  void afterAFailureTheDelayRunsFromTheLatestStart() throws Exception {
    int won =
        on(() ->
            Tasks.hedge(
                Duration.ofSeconds(10),
                () -> {
                  takes(3);
                  throw new IOException("first");
                },
                () -> takes(100),
                () -> takes(1)));
    assertEquals(1, won);
    assertEquals(List.of("3 at 0", "100 at 3", "1 at 13"), starts);
  }

  @Test
  void whenAllFailTheFirstFailureIsThrownWithTheOthersSuppressed() {
    var first = new IOException("first");
    var second = new AssertionError("second");
    var third = new IOException("third");
    var thrown =
        assertThrows(
            IOException.class,
            () ->
                Tasks.hedge(
                    Duration.ofHours(1),
                    () -> {
                      throw first;
                    },
                    () -> {
                      throw second;
                    },
                    () -> {
                      throw third;
                    }));
    assertSame(first, thrown);
    assertEquals(List.of(second, third), List.of(thrown.getSuppressed()));
  }

  @Test
  void aLoserThatFailsAfterTheWinDoesNotSpoilIt() throws Exception {
    var loser = new Stuck();
    int won =
        Tasks.<Integer, Exception>hedge(
            Duration.ZERO,
            () -> {
              try {
                return loser.block();
              } catch (InterruptedException e) {
                throw new IOException("sore loser");
              }
            },
            () -> {
              loser.awaitBegun();
              return 1;
            });
    assertEquals(1, won);
  }

  @Test
  void aLimitMakesTheNextWaitForAFailure() throws Exception {
    int won =
        on(() ->
            Tasks.limit(1)
                .hedge(
                    SECOND,
                    () -> {
                      takes(20);
                      throw new IOException("first");
                    },
                    () -> takes(30)));
    assertEquals(30, won);
    assertEquals(List.of("20 at 0", "30 at 20"), starts);
  }

  @Test
  void deadlinesAndCancellationReachThePieces() throws Exception {
    var stuck = new Stuck(2);
    assertThrows(
        DeadlineException.class,
        () ->
            on(() ->
                Tasks.within(
                    Duration.ofSeconds(5),
                    () -> Tasks.hedge(SECOND, () -> takes(1_000), () -> takes(2_000)))));
    assertEquals(2, starts.size());
    assertEquals(Duration.ofSeconds(5), clock.now());
    var caller =
        Caller.start(
            () -> Tasks.<Object, RuntimeException>hedge(Duration.ZERO, stuck::block, stuck::block));
    stuck.awaitBegun();
    caller.interrupt();
    assertTrue(caller.failure() instanceof InterruptedException);
    assertEquals(2, stuck.interrupts());
    var source = new CancelSource();
    source.cancel("not wanted");
    assertThrows(
        CancelledException.class,
        () -> Tasks.cancelledBy(source.token()).hedge(SECOND, () -> takes(1)));
  }

  @Test
  void aPieceThatStopsBecauseItIsToldToIsNoReasonToStartTheNext() throws Exception {
    var stuck = new Stuck();
    Tasks.runSupervised(outer -> {
      var hedging =
          outer.fork(() ->
              Tasks.<Object, RuntimeException>hedge(
                  Duration.ofHours(1),
                  () -> {
                    try (var _ = Tasks.token().onCancel(_ -> stuck.letGo())) {
                      stuck.ignoreInterrupts();
                    }
                    Tasks.token().throwIfCancelled();
                    return "not reached";
                  },
                  () -> {
                    throw new AssertionError("started");
                  }));
      stuck.awaitBegun();
      hedging.cancel("not wanted", Duration.ofHours(1));
      assertFalse(hedging.outcome().isSuccess());
      assertFalse(hedging.outcome().failureOrNull() instanceof AssertionError);
    });
  }

  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void everyEngineHedges(EachEngine.Opener opener) throws Exception {
    try (Engine e = opener.open()) {
      for (int round = 0; round < 50; round++) {
        var stuck = new Stuck();
        int won =
            Tasks.on(e)
                .<Integer, RuntimeException>hedge(
                    Duration.ofMillis(round % 2),
                    stuck::block,
                    () -> {
                      stuck.awaitBegun();
                      return 7;
                    });
        assertEquals(7, won);
        assertEquals(1, stuck.ended());
      }
    }
  }

  @Test
  void aSingleThreadThatHelpsGoesOnWithTheNextAfterAFailure() throws Exception {
    try (Engine one = Engine.openThreads(1)) {
      Work<Integer, Exception> nested =
          () ->
              Tasks.on(one)
                  .hedge(
                      Duration.ofHours(1),
                      () -> {
                        throw new IOException("first");
                      },
                      () -> 2);
      assertEquals(List.of(2), Tasks.on(one).<Integer, Exception>all(List.of(nested)));
    }
  }

  @Test
  void whatTravelsIsTheFunctionAndTheItem() throws Exception {
    try (var elsewhere = SerialisingEngine.open()) {
      int won =
          Tasks.on(elsewhere)
              .hedgeOf(
                  Duration.ofHours(1),
                  List.of(1, 2, 3),
                  i -> {
                    if (i < 3) throw new IOException("no " + i);
                    return i;
                  });
      assertEquals(3, won);
    }
  }

  @Test
  void itemsArePulledWhenTheyAreDueAndTheInputIsClosed() throws Exception {
    var pulled = new AtomicInteger();
    var closed = new AtomicBoolean();
    Iterable<Integer> endless =
        () ->
            new Iterator<>() {
              @Override
              public boolean hasNext() {
                return true;
              }

              @Override
              public Integer next() {
                return pulled.incrementAndGet();
              }
            };
    int won =
        Tasks.hedgeOf(
            Duration.ofHours(1),
            endless,
            i -> {
              if (i < 3) throw new IOException("no " + i);
              return i;
            });
    assertEquals(3, won);
    assertEquals(3, pulled.get());
    Stream<Integer> closing = Stream.of(1, 2).onClose(() -> closed.set(true));
    int first = Tasks.hedgeOf(Duration.ofHours(1), closing, i -> i);
    assertEquals(1, first);
    assertTrue(closed.get());
  }

  @Test
  void nullIsALegalResultAndNoPieceIsNot() throws Exception {
    assertNull(Tasks.hedge(SECOND, () -> null));
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> Tasks.hedgeOf(SECOND, List.of(), i -> i));
    assertTrue(e.getMessage().contains("at least 1"), e::getMessage);
    var negative =
        assertThrows(
            IllegalArgumentException.class, () -> Tasks.hedge(Duration.ofNanos(-1), () -> 1));
    assertEquals("delay must not be negative, but was PT-0.000000001S", negative.getMessage());
    assertThrows(NullPointerException.class, () -> Tasks.hedge(SECOND, null));
    assertEquals(1, Tasks.hedge(Duration.ofSeconds(Long.MAX_VALUE), () -> 1, () -> 2));
  }
}
