package dev.brigade.cli.terminal;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes JSON for machines: maps, lists, strings, numbers, booleans and null. */
public final class Json {
  private Json() {}

  /** An object with fields in the order given: name, value, name, value, …. */
  public static Map<String, @Nullable Object> object(@Nullable Object... namesAndValues) {
    var fields = new LinkedHashMap<String, @Nullable Object>();
    for (int i = 0; i < namesAndValues.length; i += 2)
      fields.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
    return fields;
  }

  /**
   * The value on one line. A number that JSON does not have, such as infinity, becomes null.
   *
   * @throws IllegalArgumentException for a value of any other class
   */
  public static String write(@Nullable Object value) {
    var out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  private static void write(@Nullable Object value, StringBuilder out) {
    switch (value) {
      case null -> out.append("null");
      case String s -> string(s, out);
      case Double d -> out.append(Double.isFinite(d) ? d.toString() : "null");
      case Integer n -> out.append(n);
      case Long n -> out.append(n);
      case Boolean b -> out.append(b);
      case Map<?, ?> fields -> object(fields, out);
      case List<?> items -> array(items, out);
      default -> throw new IllegalArgumentException("no JSON for " + value.getClass());
    }
  }

  private static void object(Map<?, ?> fields, StringBuilder out) {
    out.append('{');
    for (Iterator<? extends Map.Entry<?, ?>> all = fields.entrySet().iterator(); all.hasNext(); ) {
      Map.Entry<?, ?> field = all.next();
      string(String.valueOf(field.getKey()), out);
      out.append(':');
      write(field.getValue(), out);
      if (all.hasNext()) out.append(',');
    }
    out.append('}');
  }

  private static void array(List<?> items, StringBuilder out) {
    out.append('[');
    for (int i = 0; i < items.size(); i++) {
      if (i > 0) out.append(',');
      write(items.get(i), out);
    }
    out.append(']');
  }

  private static void string(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\n' -> out.append("\\n");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20 || Character.isSurrogate(c)) out.append(String.format("\\u%04x", (int) c));
          else out.append(c);
        }
      }
    }
    out.append('"');
  }
}
