package dev.brigade.auto;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Advice as text, for people and for machines. */
final class AdviceText {
  private AdviceText() {}

  static String paragraph(Advice a) {
    var text = new StringBuilder(a.why());
    text.append(" It ran ").append(a.choice()).append(a.choice().adaptive() ? " in the end" : "");
    text.append(", and ").append(items(a.evidence().items())).append(" took ");
    text.append(time(a.took())).append('.');
    List<Advice.Estimate> others = a.estimates().stream().filter(e -> !e.chosen()).toList();
    if (!others.isEmpty())
      text.append(" By the same figures ")
          .append(others.stream().map(AdviceText::estimate).collect(Collectors.joining(", ")))
          .append('.');
    if (!a.evidence().caveat().isEmpty())
      text.append(" Mind that ").append(a.evidence().caveat()).append('.');
    return text.append(" Write: ").append(a.code()).toString();
  }

  private static String estimate(Advice.Estimate e) {
    String way =
        switch (e.way()) {
          case "sequential" -> "one after the other";
          case "cores" -> "the cores";
          case "virtual" -> e.limit() + " virtual threads";
          default -> e.way() + ", " + e.limit() + " at once,";
        };
    return way + " would take about " + time(e.time());
  }

  static String items(int n) {
    return n == 1 ? "1 item" : n + " items";
  }

  /** Two or three digits and a unit. */
  static String time(Duration d) {
    double s = d.toNanos() / 1e9;
    if (s >= 1) return digits(s) + " s";
    if (s >= 1e-3) return digits(s * 1e3) + " ms";
    return digits(s * 1e6) + " µs";
  }

  private static String digits(double x) {
    return String.format(Locale.ROOT, x >= 99.5 ? "%.0f" : x >= 9.95 ? "%.1f" : "%.2f", x);
  }

  static String percent(double share) {
    return Math.round(share * 100) + " %";
  }

  static String json(Advice a) {
    Advice.Evidence e = a.evidence();
    return object(
        text("work", a.work().name().toLowerCase(Locale.ROOT)),
        field("items", e.items()),
        field("measured", e.measured()),
        field("threads", e.threads()),
        field("cores", e.cores()),
        seconds("wallSeconds", e.wall()),
        seconds("cpuSeconds", e.cpu()),
        seconds("queuedSeconds", e.queued()),
        field("busy", rounded(e.busy())),
        field("locked", rounded(e.locked())),
        text("lockedAt", e.lockedAt()),
        text("caveat", e.caveat()),
        text("engine", a.choice().engine()),
        field("limit", a.choice().limit()),
        field("adaptive", a.choice().adaptive()),
        seconds("tookSeconds", a.took()),
        field("estimates", array(a.estimates().stream().map(AdviceText::json).toList())),
        field("path", array(a.path().stream().map(AdviceText::json).toList())),
        text("why", a.why()),
        text("code", a.code()));
  }

  private static String json(Advice.Estimate e) {
    return object(
        text("way", e.way()),
        field("limit", e.limit()),
        seconds("seconds", e.time()),
        field("chosen", e.chosen()));
  }

  private static String json(Advice.Step s) {
    return object(seconds("afterSeconds", s.after()), field("limit", s.limit()));
  }

  private static String object(String... fields) {
    return "{" + String.join(",", fields) + "}";
  }

  private static String array(List<String> elements) {
    return "[" + String.join(",", elements) + "]";
  }

  private static String seconds(String name, Duration d) {
    return field(name, d.toNanos() / 1e9);
  }

  private static double rounded(double share) {
    return Math.round(share * 1e4) / 1e4;
  }

  private static String field(String name, Object value) {
    return "\"" + name + "\":" + value;
  }

  private static String text(String name, String value) {
    var quoted = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') quoted.append('\\').append(c);
      else if (c < 0x20 || Character.isSurrogate(c))
        quoted.append(String.format("\\u%04x", (int) c));
      else quoted.append(c);
    }
    return field(name, quoted.append('"'));
  }
}
