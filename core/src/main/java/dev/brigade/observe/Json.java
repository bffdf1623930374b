package dev.brigade.observe;

import org.jspecify.annotations.Nullable;

/** Writes JSON strings; the core may not depend on a library for it. */
final class Json {
  private Json() {}

  static StringBuilder field(StringBuilder out, String name, @Nullable String value) {
    out.append('"').append(name).append("\":");
    if (value == null) return out.append("null");
    out.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') out.append('\\').append(c);
      else if (c < 0x20 || Character.isSurrogate(c)) out.append(String.format("\\u%04x", (int) c));
      else out.append(c);
    }
    return out.append('"');
  }
}
