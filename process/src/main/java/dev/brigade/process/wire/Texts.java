package dev.brigade.process.wire;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Texts as bytes, one or two for each character, whichever suffices. */
final class Texts {
  private static final int SHORT = 48;

  private Texts() {}

  static void write(String s, Output out) {
    int count = s.length();
    int start = out.size();
    if (count > SHORT) {
      byte[] encoded = s.getBytes(StandardCharsets.UTF_8);
      // As many bytes as characters: all are ASCII, and this was the fastest way to find out.
      if (encoded.length == count) {
        out.putTagged(Tag.LATIN, count);
        out.putBytes(encoded);
        return;
      }
    }
    out.putTagged(Tag.LATIN, count);
    int at = out.reserve(count);
    byte[] to = out.array();
    int all = 0;
    for (int i = 0; i < count; i++) {
      char c = s.charAt(i);
      all |= c;
      to[at + i] = (byte) c;
    }
    if (all > 0xFF) {
      out.truncate(start);
      writeWide(s, out);
    }
  }

  private static void writeWide(String s, Output out) {
    out.putTagged(Tag.WIDE, s.length());
    Bulk.copy(s.toCharArray(), out);
  }

  static String readLatin(Input in) throws IOException {
    int count = in.getCount();
    int from = in.skip(count);
    return new String(in.array(), from, count, StandardCharsets.ISO_8859_1);
  }

  static String readWide(Input in) throws IOException {
    int count = in.getCount();
    return new String((char[]) Bulk.read(Bulk.CHARS, count, in));
  }
}
