package dev.brigade.report;

import java.util.Locale;

/** Figures and texts as people read them. */
final class Figures {
  private static final int NAME = 120;
  private static final long SECOND = 1_000_000_000;

  private Figures() {}

  /** With three digits and a unit: {@code 12.3 ms}, {@code 1.24 s}, {@code 3 min 20 s}. */
  static String nanos(double nanos) {
    if (nanos < 0) return "-" + nanos(-nanos);
    if (nanos < 1_000) return Math.round(nanos) + " ns";
    if (nanos < 999_500) return digits(nanos / 1e3) + " µs";
    if (nanos < 999_500_000) return digits(nanos / 1e6) + " ms";
    if (nanos < 99.95e9) return digits(nanos / 1e9) + " s";
    long seconds = Math.round(nanos / SECOND);
    if (seconds < 3_600) return seconds / 60 + " min " + seconds % 60 + " s";
    return seconds / 3_600 + " h " + seconds % 3_600 / 60 + " min";
  }

  /** For the ticks of an axis: no more digits than it takes. */
  static String tick(long nanos) {
    if (nanos == 0) return "0";
    if (nanos % (3_600 * SECOND) == 0) return nanos / (3_600 * SECOND) + " h";
    if (nanos >= 120 * SECOND && nanos % (60 * SECOND) == 0) return nanos / (60 * SECOND) + " min";
    if (nanos >= SECOND) return plain(nanos / 1e9) + " s";
    if (nanos >= 1_000_000) return plain(nanos / 1e6) + " ms";
    if (nanos >= 1_000) return plain(nanos / 1e3) + " µs";
    return nanos + " ns";
  }

  private static String plain(double x) {
    return Markup.decimal(new StringBuilder(), x).toString();
  }

  /** Three digits or all: {@code 1.24}, {@code 12.4}, {@code 124}, {@code 1,240}. */
  static String digits(double x) {
    if (x >= 999.5) return whole(Math.round(x));
    String format = x >= 99.95 ? "%.0f" : x >= 9.995 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, x);
  }

  static String whole(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  static String percent(double share) {
    return Math.round(share * 100) + "%";
  }

  /** {@code 1 task}, {@code 1,200 tasks}. */
  static String count(long number, String noun) {
    return whole(number) + " " + noun + (number == 1 ? "" : "s");
  }

  /** A name on one line, and not endless: it is anybody's text. */
  static String shown(String name) {
    String line = name.indexOf('\n') < 0 && name.indexOf('\t') < 0 ? name : oneLine(name);
    if (line.length() <= NAME) return line;
    int cut = Character.isHighSurrogate(line.charAt(NAME - 2)) ? NAME - 2 : NAME - 1;
    return line.substring(0, cut) + "…";
  }

  /** The name of a thread, or the number of a nameless one. */
  static String thread(String name) {
    return name.startsWith("#") ? "thread " + shown(name.substring(1)) : shown(name);
  }

  private static String oneLine(String name) {
    return name.replace('\n', '\u240a').replace('\t', '\u2409');
  }

  /** The type of a failure and what it says; its code is anybody's. */
  static String failure(Throwable failure) {
    String type = failure.getClass().getSimpleName();
    if (type.isEmpty()) type = failure.getClass().getName();
    String message;
    try {
      message = failure.getMessage();
    } catch (RuntimeException | StackOverflowError e) {
      message = null;
    }
    return shown(message == null || message.isBlank() ? type : type + ": " + message);
  }
}
