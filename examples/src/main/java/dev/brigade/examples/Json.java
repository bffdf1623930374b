package dev.brigade.examples;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.regex.Pattern;

/**
 * A flat JSON object, which is all that the examples need; a real program takes a JSON library.
 *
 * @param fields names and values, in order
 */
record Json(Map<String, String> fields) {
  private static final Pattern FIELD = Pattern.compile("\"(\\w+)\":(?:\"([^\"]*)\"|(-?\\d+)),?");
  private static final Pattern OBJECT = Pattern.compile("\\{(?:" + FIELD.pattern() + ")*\\}");

  static Json object(String text) {
    if (!OBJECT.matcher(text).matches()) throw new IllegalArgumentException("not JSON: " + text);
    var fields = new LinkedHashMap<String, String>();
    FIELD
        .matcher(text)
        .results()
        .forEach(f -> fields.put(f.group(1), f.group(2) != null ? f.group(2) : f.group(3)));
    return new Json(fields);
  }

  static List<Json> array(String text) {
    return OBJECT.matcher(text).results().map(o -> object(o.group())).toList();
  }

  String text(String field) {
    String value = fields.get(field);
    if (value == null) throw new NoSuchElementException("no field " + field + " in " + fields);
    return value;
  }

  int number(String field) {
    return Integer.parseInt(text(field));
  }
}
