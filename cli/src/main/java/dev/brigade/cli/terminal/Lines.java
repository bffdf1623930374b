package dev.brigade.cli.terminal;

import java.util.ArrayList;
import java.util.List;

/** Fits text into columns. */
public final class Lines {
  /** How wide everything is that the program prints: fits the narrowest usual terminal. */
  public static final int COLUMNS = 78;

  private Lines() {}

  /** Breaks text between words into lines of at most so many columns, if the words allow it. */
  public static List<String> wrapped(String text, int columns) {
    var lines = new ArrayList<String>();
    var line = new StringBuilder();
    for (String word : text.strip().split(" ")) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > columns) {
        lines.add(line.toString());
        line.setLength(0);
      }
      if (!line.isEmpty()) line.append(' ');
      line.append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  /** The left and the right text on one line, as far apart as it allows. */
  public static String spread(String left, String right) {
    return left + " ".repeat(Math.max(1, COLUMNS - left.length() - right.length())) + right;
  }

  /** The text, cut where it is too long. */
  public static String shortened(String text, int columns) {
    return text.length() <= columns ? text : text.substring(0, columns - 1) + "…";
  }
}
