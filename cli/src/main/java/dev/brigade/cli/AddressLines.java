package dev.brigade.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Addresses as people write them: in a file, one on a line, or as arguments. */
final class AddressLines {
  private AddressLines() {}

  /**
   * Those in a file, or on standard input for {@code -}; empty lines and comments are left out.
   *
   * @throws IllegalArgumentException if there is no such file, or a line is no address
   */
  static List<URI> read(String option, String file) throws IOException {
    var all = new ArrayList<URI>();
    List<String> lines = lines(option, file);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) continue;
      all.add(address(line, file + ", line " + (i + 1)));
    }
    if (all.isEmpty())
      throw new IllegalArgumentException(
          option + ": there is no address in " + file + ": write one on each line.");
    return all;
  }

  private static List<String> lines(String option, String file) throws IOException {
    if (file.equals("-"))
      return new String(System.in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    try {
      return Files.readAllLines(Path.of(file));
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(
          option + ": there is no file " + file + ": name one with an address on each line.", e);
    }
  }

  /**
   * One.
   *
   * @param where it stands, for complaints
   * @throws IllegalArgumentException if it is none of http or https
   */
  static URI address(String text, String where) {
    URI uri;
    try {
      uri = URI.create(text);
    } catch (IllegalArgumentException notAnAddress) {
      throw new IllegalArgumentException(noAddress(text, where), notAnAddress);
    }
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    if (uri.getHost() == null || !scheme.equals("http") && !scheme.equals("https"))
      throw new IllegalArgumentException(noAddress(text, where));
    return uri;
  }

  private static String noAddress(String text, String where) {
    return where + ": '" + text + "' is not an address: write it like https://example.com/page.";
  }
}
