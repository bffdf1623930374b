package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.task.Caller;
import dev.brigade.task.HangGuard;
import dev.brigade.task.Tasks;
import dev.brigade.testing.VirtualClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a server says about when to come back. */
@HangGuard
class RetryAfterTest {
  private static final Instant NOW = Instant.parse("1994-11-06T08:49:00.250Z");
  private static final InstantSource WALL = InstantSource.fixed(NOW);

  private static @Nullable Duration parse(@Nullable String text) {
    return RetryAfter.parse(text, WALL);
  }

  @Test
  void secondsAreRead() {
    assertEquals(Duration.ofSeconds(120), parse("120"));
    assertEquals(Duration.ofSeconds(7), parse(" \t007 "));
    assertEquals(Duration.ZERO, parse("0"));
    assertEquals(Duration.ofMillis(1500), parse("1.5"));
  }

  @Test
  void fractionsAreNeverRoundedDown() {
    assertEquals(Duration.ofNanos(123_456_790), parse("0.1234567891"));
    assertEquals(Duration.ofSeconds(1), parse("0.9999999999"));
    assertEquals(Duration.ofNanos(1), parse("0.0000000000000001"));
    assertEquals(Duration.ofNanos(500_000_000), parse("0.50000000000"));
  }

  @Test
  void hugeNumbersSaturate() {
    Duration ages = Duration.ofSeconds(Long.MAX_VALUE);
    assertEquals(ages, parse("9223372036854775807"));
    assertEquals(ages, parse("9223372036854775808"));
    assertEquals(ages, parse("99999999999999999999"));
    assertEquals(ages, parse("99999999999999999999.9999999999"));
    assertEquals(ages, parse("9".repeat(100_000)));
  }

  @Test
  void theThreeFormsOfADateAreRead() {
    Duration left = Duration.ofMillis(36_750);
    assertEquals(left, parse("Sun, 06 Nov 1994 08:49:37 GMT"));
    assertEquals(left, parse("Sunday, 06-Nov-94 08:49:37 GMT"));
    assertEquals(left, parse("Sun Nov  6 08:49:37 1994"));
    assertEquals(Duration.ofMillis(59_750), parse("Sun, 06 Nov 1994 08:49:60 GMT"));
  }

  @Test
  void aDateInThePastAsksForNoWait() {
    assertEquals(Duration.ZERO, parse("Sun, 06 Nov 1994 08:48:59 GMT"));
    assertEquals(Duration.ZERO, parse("Thu, 01 Jan 1970 00:00:00 GMT"));
    assertEquals(Duration.ZERO, parse("Mon, 01 Jan 0000 00:00:00 GMT"));
  }

  @Test
  void farDatesAreLongWaits() {
    Duration left = parse("Fri, 31 Dec 9999 23:59:59 GMT");
    assertEquals(Duration.between(NOW, Instant.parse("9999-12-31T23:59:59Z")), left);
    for (Instant strange : List.of(Instant.MIN, Instant.EPOCH, Instant.MAX)) {
      Duration d = RetryAfter.parse("Fri, 31 Dec 9999 23:59:59 GMT", InstantSource.fixed(strange));
      assertFalse(d.isNegative());
      RetryAfter.parse("Sunday, 06-Nov-94 08:49:37 GMT", InstantSource.fixed(strange));
    }
  }

  @Test
  void twoDigitsOfAYearMeanTheNearestOne() {
    assertEquals(
        Duration.between(NOW, Instant.parse("2044-11-06T00:00:00Z")),
        parse("Sunday, 06-Nov-44 00:00:00 GMT"));
    assertEquals(Duration.ZERO, parse("Sunday, 06-Nov-45 00:00:00 GMT"));
    InstantSource end = InstantSource.fixed(Instant.parse("2099-12-31T00:00:00Z"));
    assertEquals(Duration.ofDays(1), RetryAfter.parse("Friday, 01-Jan-00 00:00:00 GMT", end));
  }

  /** How long the only retry of a call waits, if the first attempt asks for so long. */
  private static Duration waitOf(Retry retry, Duration asked) throws Exception {
    var clock = new VirtualClock();
    int[] calls = {0};
    Tasks.time(clock)
        .runScope(_ ->
            retry
                .withRetryAfter(_ -> asked)
                .run(() -> {
                  if (calls[0]++ == 0) throw new IOException("busy");
                }));
    return clock.now();
  }

  @Test
  void notAllComeBackAtTheSameTime() throws Exception {
    var asked = Duration.ofSeconds(10);
    var waits = new HashSet<Duration>();
    for (int i = 0; i < 20; i++) {
      Duration wait = waitOf(Retry.attempts(2), asked);
      assertTrue(wait.compareTo(asked) >= 0, wait::toString);
      assertTrue(wait.compareTo(Duration.ofSeconds(11)) <= 0, wait::toString);
      waits.add(wait);
    }
    assertTrue(waits.size() > 1, waits::toString);
  }

  @Test
  void anAskForAllTheTimeThereIsIsNotAnAskForNone() throws Exception {
    var asked = Duration.ofNanos(Long.MAX_VALUE);
    var retry = Retry.attempts(2).withLongestRetryAfter(asked).withRetryAfter(_ -> asked);
    var calls = new AtomicInteger();
    var caller =
        Caller.start(() ->
            retry.call(() -> {
              if (calls.incrementAndGet() == 1) throw new IOException("busy");
              return "again";
            }));
    Awaitility.await().until(() -> retry.statistics().retries() == 1);
    caller.interrupt();
    assertInstanceOf(InterruptedException.class, caller.failure());
    assertEquals(1, calls.get());
  }

  @Test
  void nonsenseSaysNothing() {
    assertNull(parse(null));
    for (String text :
        List.of(
            "",
            " ",
            "\t",
            "-5",
            "+5",
            "5s",
            "5 6",
            "5, 10",
            "5.",
            ".5",
            "1.5.2",
            "1e3",
            "0x10",
            "\u0661\u0662",
            "1\u0662",
            "\uff11",
            "\u00a05",
            "soon",
            "NaN",
            "Infinity",
            "1,5",
            "Thu, 31 Feb 2026 00:00:00 GMT",
            "Sun, 06 Nov 1994 24:00:00 GMT",
            "Sun, 06 Nov 1994 08:60:37 GMT",
            "Sun, 06 Nov 1994 08:49:61 GMT",
            "Sun, 00 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nox 1994 08:49:37 GMT",
            "Sun, 06 ovd 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 06 Nov 19945 08:49:37 GMT",
            "Sun, \u0660\u0666 Nov 1994 08:49:37 GMT",
            "1994-11-06T08:49:37Z",
            "Sun Nov   6 08:49:37 1994",
            "Sun,06 Nov 1994 08:49:37 GMT",
            "\0",
            "5\r\nX: 6")) assertNull(parse(text), "[" + text + "]");
  }

  @Test
  void noTextWhateverMakesItThrowOrGoNegative() {
    var random = new Random(20_260_101);
    String alphabet = "0123456789 .,:-+eENaGMTSunNovFriDec\t\u0661\uff11\0\ud800";
    List<String> seeds =
        List.of(
            "120",
            "1.5",
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994");
    int understood = 0;
    for (int i = 0; i < 200_000; i++) {
      var text = new StringBuilder(seeds.get(random.nextInt(seeds.size())));
      for (int edits = random.nextInt(5); edits > 0; edits--) {
        int at = random.nextInt(text.length() + 1);
        char c = alphabet.charAt(random.nextInt(alphabet.length()));
        if (random.nextBoolean() || at == text.length()) text.insert(at, c);
        else text.setCharAt(at, c);
      }
      Duration d = parse(text.toString());
      if (d != null) understood++;
      assertTrue(d == null || !d.isNegative(), text::toString);
    }
    assertTrue(understood > 20_000 && understood < 180_000, "understood " + understood);
  }

  @Test
  void everyDateThatIsWrittenIsReadBack() {
    var random = new Random(5);
    for (int i = 0; i < 20_000; i++) {
      // Up to the year 9999.
      Instant at = Instant.ofEpochSecond(random.nextLong(253_402_300_799L));
      String text =
          DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
              .format(at.atZone(ZoneOffset.UTC));
      Duration left = Duration.between(NOW, at);
      assertEquals(left.isNegative() ? Duration.ZERO : left, parse(text), text);
    }
  }

  /** What a client might throw. */
  private static final class BusyException extends IOException implements RetryAfter {
    private static final long serialVersionUID = 1L;
    private final transient @Nullable Duration after;

    BusyException(@Nullable Duration after) {
      this.after = after;
    }

    @Override
    public @Nullable Duration retryAfter() {
      return after;
    }
  }

  private final VirtualClock clock = new VirtualClock();
  private final Retry two = Retry.attempts(2).withBackoff(Backoff.constant(Duration.ofSeconds(3)));

  private Duration waited(Retry retry, @Nullable Duration asked) throws Exception {
    int[] attempts = new int[1];
    return Tasks.time(clock)
        .scope(_ -> {
          Duration before = clock.now();
          retry.<Object, IOException>call(() -> {
            if (attempts[0]++ == 0) throw new BusyException(asked);
            return "value";
          });
          return clock.now().minus(before);
        });
  }

  @Test
  void itWaitsAsLongAsAskedOrUpToATenthMoreNeverLess() throws Exception {
    for (long asked : new long[] {1, 9, 1_000, 30_000_000_000L, 60_000_000_000L}) {
      for (int i = 0; i < 20; i++) {
        long waited = waited(two, Duration.ofNanos(asked)).toNanos();
        assertTrue(waited >= asked && waited <= asked + asked / 10, asked + ": " + waited);
      }
    }
  }

  @Test
  void withoutAParticularTimeTheBackOffCounts() throws Exception {
    Duration three = Duration.ofSeconds(3);
    assertEquals(three, waited(two, null));
    assertEquals(three, waited(two, Duration.ZERO));
    assertEquals(three, waited(two, Duration.ofSeconds(-9)));
    assertEquals(three, waited(two, Duration.ofSeconds(Long.MIN_VALUE)));
  }

  @Test
  void beyondTheLongestItFailsAndSaysForHowLong() {
    for (Duration asked : List.of(Duration.ofSeconds(61), Duration.ofSeconds(Long.MAX_VALUE))) {
      var e = assertThrows(RetryAfterTooLongException.class, () -> waited(two, asked));
      assertEquals(asked, e.retryAfter());
      assertEquals(BusyException.class, e.getCause().getClass());
    }
    assertEquals(Duration.ZERO, clock.now());
    assertEquals(2, two.statistics().gaveUp());
    assertEquals(0, two.statistics().retries());
  }

  @Test
  void noRetryRepeatsWhatAskedForTooLong() {
    Retry outer = Retry.attempts(5).withBackoff(Backoff.none());
    int[] attempts = new int[1];
    assertThrows(
        RetryAfterTooLongException.class,
        () ->
            outer.call(() ->
                two.<Object, IOException>call(() -> {
                  attempts[0]++;
                  throw new BusyException(Duration.ofDays(1));
                })));
    assertEquals(1, attempts[0]);
  }

  @Test
  void whereNoAttemptIsLeftTheFailureItselfIsThrown() {
    var busy = new BusyException(Duration.ofDays(1));
    assertSame(
        busy,
        assertThrows(
            IOException.class,
            () ->
                Retry.attempts(1)
                    .<Object, IOException>call(() -> {
                      throw busy;
                    })));
  }

  @Test
  void aFunctionReadsWhatDoesNotSayItItself() throws Exception {
    record Response(int status, @Nullable String retryAfter) {}
    Retry retry =
        two.retryIfResult(r -> r instanceof Response http && http.status() == 503)
            .withRetryAfter(
                r -> r instanceof Response http ? RetryAfter.parse(http.retryAfter()) : null)
            .withLongestRetryAfter(Duration.ofHours(2));
    var answers =
        new java.util.ArrayList<>(List.of(new Response(503, "3600"), new Response(200, null)));
    Response last = Tasks.time(clock).scope(_ -> retry.call(answers::removeFirst));
    assertEquals(200, last.status());
    assertTrue(clock.now().compareTo(Duration.ofHours(1)) >= 0, clock::toString);
    assertTrue(clock.now().compareTo(Duration.ofMinutes(66)) <= 0, clock::toString);
    var tooLong =
        assertThrows(
            RetryAfterTooLongException.class,
            () -> retry.call(() -> new Response(503, "99999999999999999999")));
    assertNull(tooLong.getCause());
    assertEquals(Duration.ofSeconds(Long.MAX_VALUE), tooLong.retryAfter());
  }

  @Test
  void aFunctionThatThrowsEndsTheCallAndHidesNothing() {
    var own = new IOException("own");
    Retry broken =
        two.withRetryAfter(_ -> {
          throw new IllegalStateException("broken");
        });
    var e =
        assertThrows(
            IllegalStateException.class,
            () ->
                broken.<Object, IOException>call(() -> {
                  throw own;
                }));
    assertSame(own, e.getSuppressed()[0]);
  }

  @Test
  void whatIsAskedForAndFitsBeforeTheDeadlineIsNotLostToJitter() throws Exception {
    int[] attempts = new int[1];
    String value =
        Tasks.time(clock)
            .within(Duration.ofSeconds(30).plusNanos(1))
            .scope(_ ->
                two.<String, IOException>call(() -> {
                  if (attempts[0]++ == 0) throw new BusyException(Duration.ofSeconds(30));
                  return "value";
                }));
    assertEquals("value", value);
  }
}
