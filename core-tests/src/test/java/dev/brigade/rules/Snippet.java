package dev.brigade.rules;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Java code in a text: a fenced block of a Markdown file, or a {@code snippet} tag of a doc
 * comment.
 *
 * @param origin the file, relative to the checkout
 * @param line where the code begins in it, counted from 1
 * @param code without the margin of the comment
 * @param output what the text says that the code prints: a block after it that is marked by {@code
 *     <!-- prints -->}; empty if it says nothing
 */
record Snippet(String origin, int line, String code, String output) {
  private static final Pattern FENCED =
      Pattern.compile(
          "^```java\\R(.*?)^```$(?:\\s*<!-- prints -->\\s*^```\\w*\\R(.*?)^```$)?",
          Pattern.MULTILINE | Pattern.DOTALL);
  private static final String TAG = "{@snippet :";

  static List<Snippet> ofMarkdown(String origin, String text) {
    var found = new ArrayList<Snippet>();
    for (Matcher m = FENCED.matcher(text); m.find(); ) {
      String output = m.group(2) == null ? "" : m.group(2);
      found.add(new Snippet(origin, lineAt(text, m.start(1)), m.group(1), output));
    }
    return found;
  }

  static List<Snippet> ofJava(String origin, String text) {
    var found = new ArrayList<Snippet>();
    for (int at = text.indexOf(TAG); at >= 0; at = text.indexOf(TAG, at + 1)) {
      int from = at + TAG.length();
      String code = text.substring(from, end(text, from)).replaceAll("(?m)^ *\\* ?", "");
      found.add(new Snippet(origin, lineAt(text, from), code, ""));
    }
    return found;
  }

  static List<Snippet> of(Path root, Path file) throws Exception {
    String origin = root.relativize(file).toString();
    String text = Files.readString(file);
    return origin.endsWith(".md") ? ofMarkdown(origin, text) : ofJava(origin, text);
  }

  /** The brace that ends the tag; those of the code come in pairs. */
  private static int end(String text, int from) {
    int open = 1;
    int at = from;
    for (; open > 0; at++) {
      if (text.charAt(at) == '{') open++;
      if (text.charAt(at) == '}') open--;
    }
    return at - 1;
  }

  private static int lineAt(String text, int index) {
    return (int) text.substring(0, index).chars().filter(c -> c == '\n').count() + 1;
  }

  @Override
  public String toString() {
    return origin + ":" + line;
  }
}
