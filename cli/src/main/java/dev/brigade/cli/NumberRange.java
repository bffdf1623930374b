package dev.brigade.cli;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of whole numbers as people type it: {@code 1000000}, {@code 1_000_000}, {@code 1e6},
 * {@code 2.5e6}, {@code 10^6}, each also on either side of {@code ..}. One number means from 0.
 */
record NumberRange(long from, long to) {
  private static final Pattern POWER = Pattern.compile("(\\d+)\\^(\\d{1,3})");
  private static final Pattern PLAIN = Pattern.compile("\\d[\\d_]*(\\.\\d+)?([eE]\\+?\\d{1,3})?");

  /**
   * @throws IllegalArgumentException if it is none, or leaves 0 to {@code max}; the message is for
   *     the user
   */
  static NumberRange parse(String text, long max) {
    int dots = text.indexOf("..");
    if (dots < 0) return new NumberRange(0, number(text, max));
    long from = number(text.substring(0, dots), max);
    long to = number(text.substring(dots + 2), max);
    if (from > to)
      throw new IllegalArgumentException(
          "the range " + text + " is empty: write the smaller number first");
    return new NumberRange(from, to);
  }

  private static long number(String text, long max) {
    BigInteger value = exact(text);
    if (value.compareTo(BigInteger.valueOf(max)) > 0)
      throw new IllegalArgumentException(
          "'" + text + "' is too large: the largest number possible is " + max);
    return value.longValueExact();
  }

  private static BigInteger exact(String text) {
    Matcher power = POWER.matcher(text);
    if (power.matches())
      return new BigInteger(power.group(1)).pow(Integer.parseInt(power.group(2)));
    if (PLAIN.matcher(text).matches()) {
      try {
        return new BigDecimal(text.replace("_", "")).toBigIntegerExact();
      } catch (ArithmeticException fraction) {
        throw new IllegalArgumentException("'" + text + "' is not a whole number", fraction);
      }
    }
    throw new IllegalArgumentException(
        "'" + text + "' is not a number from 0: write it like 1000000, 1_000_000, 1e6 or 10^6");
  }
}
