package dev.brigade.process.launch;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Arguments in a file, as {@code java @file} reads them: for what is too long for a command line.
 */
final class ArgumentFile {
  private ArgumentFile() {}

  /** Writes them, and returns the argument that stands for them. */
  static String write(Path file, List<String> arguments, Charset charset) throws IOException {
    var text = new StringBuilder();
    for (String argument : arguments) {
      quote(argument, text);
      text.append('\n');
    }
    Files.write(file, text.toString().getBytes(charset));
    return "@" + file;
  }

  /** In double quotes, where a backslash is an escape, and so are the ends of lines. */
  private static void quote(String argument, StringBuilder to) {
    to.append('"');
    for (int at = 0; at < argument.length(); at++) {
      char c = argument.charAt(at);
      switch (c) {
        case '\\', '"' -> to.append('\\').append(c);
        case '\n' -> to.append("\\n");
        case '\r' -> to.append("\\r");
        case '\t' -> to.append("\\t");
        case '\f' -> to.append("\\f");
        default -> to.append(c);
      }
    }
    to.append('"');
  }
}
