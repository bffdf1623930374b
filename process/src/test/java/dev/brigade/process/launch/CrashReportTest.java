package dev.brigade.process.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is left out of a crashing JVM's error output, and that nothing else is. */
class CrashReportTest {
  private static final String HEADLINE =
      "#\n# A fatal error has been detected by the Java Runtime Environment:\n#\n#  SIGSEGV\n\n";
  private static final String SUMMARY =
      "---------------  S U M M A R Y ------------\n\nCommand Line: -Dsecret=1\nEND\nEND. \n\nEND.\n";
  private static final String NOTE = "# (the rest of the crash report is left out)\n";

  @Test
  void theHeadlinePassesAndTheRestDoesNot() {
    assertEquals(
        "before\n" + HEADLINE + NOTE + "after\nmore",
        all("before\n" + HEADLINE + SUMMARY + "after\nmore"));
  }

  @Test
  void howItIsCutIntoPiecesMakesNoDifference() {
    String text =
        "a\n"
            + HEADLINE
            + "---------------  S U M\n-----\n--"
            + "\n"
            + SUMMARY
            + "b\n"
            + HEADLINE
            + SUMMARY
            + "---";
    String whole = all(text);
    for (int size = 1; size < 60; size++)
      assertEquals(whole, inPieces(text, size), "pieces of " + size);
  }

  @Test
  void aSummaryWithoutAHeadlinePasses() {
    assertEquals(SUMMARY, all(SUMMARY));
    String inALine = "x" + HEADLINE.substring(2).replace("# A", "x# A") + SUMMARY;
    assertEquals(inALine, all(inALine));
  }

  @Test
  void anyOtherTextPassesUnchanged() {
    var random = new Random(7);
    String alphabet = "-# \nSUM";
    for (int round = 0; round < 500; round++) {
      var text = new StringBuilder(HEADLINE);
      for (int n = random.nextInt(200); n > 0; n--)
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      assertEquals(text.toString(), inPieces(text.toString(), 1 + random.nextInt(50)));
    }
  }

  @Test
  void aBeginThatIsNoSummaryIsNotHeldBackForLong() {
    var out = new Bytes();
    var report = new CrashReport(out);
    byte[] text = (HEADLINE + "---- ready? ").getBytes(StandardCharsets.US_ASCII);
    report.take(text, text.length);
    assertEquals(HEADLINE + "---- ready? ", out.text());
  }

  @Test
  void noMoreIsLeftOutThanAReportCanBeLong() {
    String endless = "x".repeat(1 << 10) + "\n";
    var out = new Bytes();
    var report = new CrashReport(out);
    byte[] begin =
        (HEADLINE + "---------------  S U M M A R Y ------------\n")
            .getBytes(StandardCharsets.US_ASCII);
    report.take(begin, begin.length);
    byte[] more = endless.getBytes(StandardCharsets.US_ASCII);
    for (int n = 0; n < 5 << 10; n++) report.take(more, more.length);
    assertTrue(out.text().length() > 500_000, "" + out.text().length());
  }

  private static String all(String text) {
    return inPieces(text, Integer.MAX_VALUE);
  }

  private static String inPieces(String text, int size) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    var out = new Bytes();
    var report = new CrashReport(out);
    for (int from = 0; from < bytes.length; ) {
      int length = Math.min(size, bytes.length - from);
      byte[] piece = new byte[length + 3];
      System.arraycopy(bytes, from, piece, 0, length);
      report.take(piece, length);
      from += length;
    }
    report.end();
    return out.text();
  }

  private static final class Bytes implements Sink {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public void take(byte[] piece, int from, int length) {
      assertTrue(length > 0);
      bytes.write(piece, from, length);
    }

    String text() {
      return bytes.toString(StandardCharsets.US_ASCII);
    }
  }
}
