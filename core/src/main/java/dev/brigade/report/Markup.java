package dev.brigade.report;

import java.util.ArrayDeque;
import java.util.Set;

/**
 * Writes markup that is HTML and well-formed XML at once. All text that comes from outside goes
 * through {@link #text} or {@link #attr}, which let nothing of it be anything but text.
 */
final class Markup {
  private static final Set<String> MAY_BE_EMPTY =
      Set.of("meta", "input", "br", "rect", "line", "path", "circle", "use", "hr");

  private final StringBuilder out = new StringBuilder(1 << 14);
  private final ArrayDeque<String> open = new ArrayDeque<>();
  private boolean inTag;

  Markup start(String element) {
    content();
    out.append('<').append(element);
    open.push(element);
    inTag = true;
    return this;
  }

  Markup start(String element, String cssClass) {
    return start(element).attr("class", cssClass);
  }

  Markup attr(String name, String value) {
    out.append(' ').append(name).append("=\"");
    escape(value, true);
    out.append('"');
    return this;
  }

  Markup attr(String name, long value) {
    out.append(' ').append(name).append("=\"").append(value).append('"');
    return this;
  }

  /** A share of the whole as a percentage, to four digits after the point. */
  Markup percent(String name, double share) {
    out.append(' ').append(name).append("=\"");
    decimal(share * 100).append("%\"");
    return this;
  }

  /** A number of pixels or the like. */
  Markup number(String name, double value) {
    out.append(' ').append(name).append("=\"");
    decimal(value).append('"');
    return this;
  }

  Markup text(String text) {
    content();
    escape(text, false);
    return this;
  }

  /** Text of our own that has markup in it. */
  Markup raw(String markup) {
    content();
    out.append(markup);
    return this;
  }

  Markup end() {
    String element = open.pop();
    if (inTag && MAY_BE_EMPTY.contains(element)) {
      out.append("/>");
    } else {
      content();
      out.append("</").append(element).append('>');
    }
    inTag = false;
    return this;
  }

  /** A whole element with nothing but text in it. */
  Markup element(String element, String text) {
    return start(element).text(text).end();
  }

  Markup line() {
    content();
    out.append('\n');
    return this;
  }

  private void content() {
    if (inTag) out.append('>');
    inTag = false;
  }

  StringBuilder decimal(double value) {
    return decimal(out, value);
  }

  /** Without a locale and much faster than a format; NaN is 0. */
  static StringBuilder decimal(StringBuilder out, double value) {
    long units = Math.round(value * 10_000);
    if (units < 0) out.append('-');
    units = Math.abs(units);
    out.append(units / 10_000);
    int rest = (int) (units % 10_000);
    if (rest == 0) return out;
    out.append('.');
    for (int digit = 1_000; rest > 0; digit /= 10) {
      out.append((char) ('0' + rest / digit));
      rest %= digit;
    }
    return out;
  }

  private void escape(String text, boolean quoted) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '&') out.append("&amp;");
      else if (c == '<') out.append("&lt;");
      else if (c == '>') out.append("&gt;");
      else if (c == '"') out.append("&quot;");
      else if (c == '\n' || c == '\t') out.append(quoted ? ' ' : c);
      else if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) out.append(c).append(text.charAt(++i));
      else out.append(visible(c));
    }
  }

  /** Neither what XML forbids, nor what would turn the text around it. */
  private static char visible(char c) {
    if (c < 0x20) return (char) ('\u2400' + c);
    if (c == 0x7f) return '\u2421';
    boolean control = c >= 0x80 && c < 0xa0;
    boolean turns = c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069;
    boolean none = Character.isSurrogate(c) || c >= 0xfffe;
    return control || turns || none ? '\ufffd' : c;
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
