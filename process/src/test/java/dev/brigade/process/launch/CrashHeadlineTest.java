package dev.brigade.process.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A crash's headline does not get into the program's data, and nothing else is lost. */
class CrashHeadlineTest {
  private static final String HEADLINE =
      "#\n# A fatal error has been detected by the Java Runtime Environment:\n#\n"
          + "#  SIGSEGV (0xb) at pc=0x1, pid=1, tid=2\n#\n";
  private static final String NO_MEMORY =
      "#\n# There is insufficient memory for the Java Runtime Environment to continue.\n# x\n#\n";

  @Test
  void isLeftOut() {
    assertEquals("data\nmore\n", inPieces("data\n" + HEADLINE + "more\n", 1000));
    assertEquals("data\n", inPieces("data\n" + NO_MEMORY, 1000));
    assertEquals("", inPieces(HEADLINE + NO_MEMORY, 1000));
  }

  @Test
  void howItIsCutIntoPiecesMakesNoDifference() {
    String text = "a\n#\n# A fatal\n" + HEADLINE + "b\n#\n# T\n" + NO_MEMORY + "c\n#\n# ";
    for (int size = 1; size < 80; size++)
      assertEquals("a\n#\n# A fatal\nb\n#\n# T\nc\n#\n# ", inPieces(text, size), "of " + size);
  }

  @Test
  void anyOtherTextPassesUnchanged() {
    var random = new Random(11);
    String alphabet = "#\n# AT";
    for (int round = 0; round < 1000; round++) {
      var text = new StringBuilder();
      for (int n = random.nextInt(100); n > 0; n--)
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      assertEquals(text.toString(), inPieces(text.toString(), 1 + random.nextInt(20)));
    }
    String inALine = "data" + HEADLINE.substring(0, 1) + " " + HEADLINE.substring(2);
    assertEquals(inALine, inPieces(inALine, 7));
  }

  private static String inPieces(String text, int size) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    var out = new ByteArrayOutputStream();
    var filter = new CrashHeadline(out::write);
    for (int from = 0; from < bytes.length; ) {
      int length = Math.min(size, bytes.length - from);
      byte[] piece = new byte[length + 3];
      System.arraycopy(bytes, from, piece, 0, length);
      filter.take(piece, length);
      from += length;
    }
    filter.end();
    return out.toString(StandardCharsets.US_ASCII);
  }
}
