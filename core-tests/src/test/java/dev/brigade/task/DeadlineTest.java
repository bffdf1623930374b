package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What policies are built of: a deadline that tells, and the failures of several attempts. */
@HangGuard
class DeadlineTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final HandClock clock = new HandClock();
  private final Deadline deadline = Deadline.in(SECOND);

  @Test
  void itTellsWhetherItStruckHoweverTheWorkEnded() throws Exception {
    Tasks.time(clock)
        .runScope(_ -> {
          assertEquals("in time", deadline.call(() -> "in time"));
          assertFalse(deadline.struck());
          clock.advance(SECOND);
          assertFalse(deadline.struck());
          var returned = Deadline.in(SECOND);
          assertEquals("late", returned.call(() -> late()));
          assertTrue(returned.struck());
          var threw = Deadline.in(SECOND);
          assertThrows(
              DeadlineException.class,
              () ->
                  threw.<Object, IOException>call(() -> {
                    throw new IOException(late());
                  }));
          assertTrue(threw.struck());
          var failed = Deadline.in(SECOND);
          assertThrows(
              IOException.class,
              () ->
                  failed.<Object, IOException>call(() -> {
                    throw new IOException();
                  }));
          assertFalse(failed.struck());
        });
  }

  private String late() {
    clock.advance(SECOND);
    return "late";
  }

  @Test
  void oneFurtherOutIsNotItsOwn() {
    var inner = Deadline.in(SECOND.multipliedBy(2));
    assertThrows(
        DeadlineException.class,
        () -> Tasks.time(clock).within(SECOND).scope(_ -> inner.call(() -> blockLate())));
    assertFalse(inner.struck());
  }

  private Object blockLate() throws InterruptedException {
    clock.advance(SECOND.multipliedBy(3));
    return new Stuck().block();
  }

  @Test
  void zeroOrLessStrikesBeforeTheWorkAndItServesOneCall() throws Exception {
    for (Duration d : List.of(Duration.ZERO, Duration.ofSeconds(Long.MIN_VALUE))) {
      var none = Deadline.in(d);
      Work<Object, RuntimeException> never =
          () -> {
            throw new AssertionError("begun");
          };
      assertThrows(DeadlineException.class, () -> none.call(never));
      assertTrue(none.struck());
    }
    assertEquals(1, deadline.call(() -> 1));
    assertThrows(IllegalStateException.class, () -> deadline.call(() -> 1));
    assertThrows(NullPointerException.class, () -> Deadline.in(SECOND).call(null));
  }

  @Test
  void earlierFailuresAreSuppressedInWhatIsNewAlone() {
    var known = new IOException("known before");
    EarlierFailures.begin().add(known);
    var earlier = EarlierFailures.begin();
    var first = new IOException("first");
    earlier.add(first);
    earlier.suppressIn(known);
    assertEquals(0, known.getSuppressed().length);
    var own = new IOException("own");
    earlier.suppressIn(own);
    assertEquals(List.of(first), Arrays.asList(own.getSuppressed()));
    earlier.suppressIn(first);
    assertEquals(0, first.getSuppressed().length);
    assertThrows(NullPointerException.class, () -> earlier.add(null));
    assertThrows(NullPointerException.class, () -> earlier.suppressIn(null));
  }

  @Test
  void ofManyEarlierFailuresTheRestIsANumber() {
    var earlier = EarlierFailures.begin();
    for (int i = 0; i < 1000; i++) earlier.add(new IOException("failure " + i));
    var last = new IOException("last");
    earlier.suppressIn(last);
    assertEquals(17, last.getSuppressed().length);
    assertEquals("and 984 more failures", last.getSuppressed()[16].getMessage());
  }
}
