package dev.brigade.cli.terminal;

import java.util.Locale;

/** How figures are written for people: three digits that matter, and a unit. */
public final class Figures {
  private Figures() {}

  /** A time: {@code 870 µs}, {@code 29.1 ms}, {@code 1.04 s}, {@code 3 min 20 s}. */
  public static String seconds(double seconds) {
    if (seconds >= 99.5) {
      long whole = Math.round(seconds);
      return whole / 60 + " min " + whole % 60 + " s";
    }
    if (seconds >= 0.9995) return threeDigits(seconds) + " s";
    if (seconds >= 0.0009995) return threeDigits(seconds * 1e3) + " ms";
    return threeDigits(seconds * 1e6) + " µs";
  }

  /** A factor: {@code 1.93x}, {@code 38.2x}. */
  public static String factor(double factor) {
    return threeDigits(factor) + "x";
  }

  /** A share as whole percent. */
  public static String percent(double share) {
    return Math.round(share * 100) + "%";
  }

  /** Bytes as whole megabytes. */
  public static String megabytes(long bytes) {
    return Math.round(bytes / 1e6) + " MB";
  }

  /** A whole number with its thousands apart: {@code 50,847,534}. */
  public static String whole(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String threeDigits(double x) {
    String format = x >= 99.95 ? "%.0f" : x >= 9.995 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, x);
  }
}
