package dev.brigade.policy;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The text of a Retry-After header. */
final class RetryAfterText {
  private static final int LONGEST_DATE = 64;
  private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";
  private static final String TIME = "(\\d\\d):(\\d\\d):(\\d\\d)";
  private static final Pattern FIXED =
      date("[a-z]{3}, (\\d\\d) ([a-z]{3}) (\\d{4}) " + TIME + " gmt");
  private static final Pattern RFC_850 =
      date("[a-z]{6,9}, (\\d\\d)-([a-z]{3})-(\\d\\d) " + TIME + " gmt");
  private static final Pattern ASCTIME =
      date("[a-z]{3} ([a-z]{3}) ([ \\d]\\d) " + TIME + " (\\d{4})");

  private RetryAfterText() {}

  /** Without regard to case, but of ASCII alone. */
  private static Pattern date(String form) {
    return Pattern.compile(form, Pattern.CASE_INSENSITIVE);
  }

  static @Nullable Duration parse(@Nullable String header, InstantSource wall) {
    Objects.requireNonNull(wall, "wall");
    if (header == null) return null;
    int from = 0;
    int to = header.length();
    while (from < to && isBlank(header.charAt(from))) from++;
    while (from < to && isBlank(header.charAt(to - 1))) to--;
    if (from == to) return null;
    if (isDigit(header.charAt(from))) return seconds(header, from, to);
    return to - from > LONGEST_DATE ? null : until(header.substring(from, to), wall);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static @Nullable Duration seconds(String text, int from, int to) {
    long seconds = 0;
    int at = from;
    for (; at < to && isDigit(text.charAt(at)); at++) {
      int digit = text.charAt(at) - '0';
      seconds = seconds > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : seconds * 10 + digit;
    }
    if (at == to) return Duration.ofSeconds(seconds);
    if (text.charAt(at) != '.' || at + 1 == to) return null;
    return fraction(seconds, text, at + 1, to);
  }

  /** Rounded up to a nanosecond: never early. */
  private static @Nullable Duration fraction(long seconds, String text, int from, int to) {
    long nanos = 0;
    long worth = 100_000_000;
    boolean rest = false;
    for (int at = from; at < to; at++) {
      if (!isDigit(text.charAt(at))) return null;
      int digit = text.charAt(at) - '0';
      nanos += digit * worth;
      rest |= worth == 0 && digit != 0;
      worth /= 10;
    }
    if (rest) nanos++;
    if (seconds == Long.MAX_VALUE) return Duration.ofSeconds(seconds);
    return Duration.ofSeconds(seconds, nanos);
  }

  private static @Nullable Duration until(String text, InstantSource wall) {
    Instant now = wall.instant();
    try {
      LocalDateTime date = date(text, now);
      if (date == null) return null;
      Duration left = Duration.between(now, date.toInstant(ZoneOffset.UTC));
      return left.isNegative() ? Duration.ZERO : left;
    } catch (DateTimeException | ArithmeticException e) {
      // The 31st of February and the like.
      return null;
    }
  }

  private static @Nullable LocalDateTime date(String text, Instant now) {
    Matcher m = FIXED.matcher(text);
    if (m.matches()) return date(m, number(m, 3), m.group(2), number(m, 1), 4);
    m = RFC_850.matcher(text);
    if (m.matches()) return date(m, nearest(number(m, 3), now), m.group(2), number(m, 1), 4);
    m = ASCTIME.matcher(text);
    if (m.matches()) return date(m, number(m, 6), m.group(1), number(m, 2), 3);
    return null;
  }

  /** With the time of day in three groups from {@code time} on. */
  private static @Nullable LocalDateTime date(
      Matcher m, int year, String monthName, int day, int time) {
    int at = MONTHS.indexOf(monthName.toLowerCase(java.util.Locale.ROOT));
    int second = number(m, time + 2);
    if (at < 0 || at % 3 != 0 || second > 60) return null;
    return LocalDate.of(year, at / 3 + 1, day)
        .atTime(number(m, time), number(m, time + 1))
        .plusSeconds(second); // 60 is a leap second
  }

  private static int number(Matcher m, int group) {
    return Integer.parseInt(m.group(group).trim());
  }

  /** The year nearest to now that ends with these two digits. */
  private static int nearest(int twoDigits, Instant now) {
    int year = LocalDateTime.ofInstant(now, ZoneOffset.UTC).getYear();
    int guess = year - Math.floorMod(year, 100) + twoDigits;
    if (guess > year + 50) return guess - 100;
    return guess <= year - 50 ? guess + 100 : guess;
  }
}
