package dev.brigade.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The style, the patterns and the small script that every page carries. */
final class Looks {
  static final String STYLE = read("page.css");
  static final String PATTERNS = read("page.svg");
  static final String SCRIPT = read("page.js");

  /** Lets nothing run but that script, and nothing load, whatever the texts on a page are. */
  static final String RULES =
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-" + hash(SCRIPT) + "'";

  private Looks() {}

  private static String read(String name) {
    try (InputStream in = Looks.class.getResourceAsStream(name)) {
      if (in == null) throw new IllegalStateException("not on the class path: " + name);
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
