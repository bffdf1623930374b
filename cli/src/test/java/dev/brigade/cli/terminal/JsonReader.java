package dev.brigade.cli.terminal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads JSON strictly, to show that what the program writes is JSON. */
public final class JsonReader {
  private final String text;
  private int at;

  private JsonReader(String text) {
    this.text = text;
  }

  /** The one value in the text: map, list, string, double, boolean or null. */
  public static @Nullable Object read(String text) {
    var reader = new JsonReader(text.strip());
    Object value = reader.value();
    if (reader.at != reader.text.length()) throw reader.wrong("the end");
    return value;
  }

  /** The one object in the text. */
  @SuppressWarnings("unchecked")
  public static Map<String, @Nullable Object> object(String text) {
    return (Map<String, @Nullable Object>) java.util.Objects.requireNonNull(read(text));
  }

  private @Nullable Object value() {
    char c = peek();
    if (c == '{') return fields();
    if (c == '[') return items();
    if (c == '"') return string();
    if (c == '-' || Character.isDigit(c)) return number();
    if (word("true")) return true;
    if (word("false")) return false;
    if (word("null")) return null;
    throw wrong("a value");
  }

  private Map<String, @Nullable Object> fields() {
    var fields = new LinkedHashMap<String, @Nullable Object>();
    take('{');
    while (peek() != '}') {
      if (!fields.isEmpty()) take(',');
      String name = string();
      take(':');
      if (fields.containsKey(name)) throw wrong("another name than " + name);
      fields.put(name, value());
    }
    take('}');
    return fields;
  }

  private List<@Nullable Object> items() {
    var items = new ArrayList<@Nullable Object>();
    take('[');
    while (peek() != ']') {
      if (!items.isEmpty()) take(',');
      items.add(value());
    }
    take(']');
    return items;
  }

  private String string() {
    take('"');
    var string = new StringBuilder();
    while (peek() != '"') {
      char c = text.charAt(at++);
      if (c < 0x20) throw wrong("an escaped control character");
      string.append(c == '\\' ? escaped() : c);
    }
    take('"');
    return string.toString();
  }

  private char escaped() {
    char c = text.charAt(at++);
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'u' -> {
        at += 4;
        yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
      }
      default -> throw wrong("an escape");
    };
  }

  private Double number() {
    int from = at;
    while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) at++;
    String number = text.substring(from, at);
    if (!number.matches("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?")) throw wrong("a number");
    return Double.valueOf(number);
  }

  private boolean word(String word) {
    if (!text.startsWith(word, at)) return false;
    at += word.length();
    return true;
  }

  private void take(char c) {
    if (peek() != c) throw wrong("'" + c + "'");
    at++;
  }

  private char peek() {
    if (at >= text.length()) throw wrong("more");
    return text.charAt(at);
  }

  private IllegalArgumentException wrong(String expected) {
    return new IllegalArgumentException("expected " + expected + " at " + at + " of " + text);
  }
}
