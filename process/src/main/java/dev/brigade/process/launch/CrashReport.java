package dev.brigade.process.launch;

import java.nio.charset.StandardCharsets;

/*
 * Design. A crashing JVM writes a headline of some 15 lines that begin with '#', and then the whole of
 * what is an hs_err file otherwise: 50 to 300 KB. The headline passes; from the line "S U M M A R Y" to
 * the line "END." nothing does. A summary counts only after a headline, and no more is left out than a
 * report can be long, so that a program that prints such lines itself loses little.
 *
 * Bytes are held back only while they may be the beginning of the summary's line, so that a prompt
 * without an end of line passes at once.
 */
/** Lets output through, but for the long part of a JVM's crash report. */
final class CrashReport implements OutputFilter {
  private static final byte[] HEADLINE =
      ascii("# A fatal error has been detected by the Java Runtime Environment:");
  private static final byte[] NO_MEMORY =
      ascii("# There is insufficient memory for the Java Runtime Environment to continue.");
  private static final byte[] SUMMARY = ascii("---------------  S U M M A R Y ------------");
  private static final byte[] END = ascii("END.");
  private static final byte[] NOTE = ascii("# (the rest of the crash report is left out)\n");
  private static final int LONGEST = 4 << 20;

  private enum State {
    PLAIN,
    HEADLINE,
    LEFT_OUT
  }

  private final Sink to;
  private final byte[] line = new byte[128];
  private State state = State.PLAIN;

  /** How many bytes of the current line there were. */
  private int column;

  /** How many of them are held back; as many as there were means that all may be the summary's. */
  private int held;

  private int leftOut;

  CrashReport(Sink to) {
    this.to = to;
  }

  @Override
  public void take(byte[] bytes, int length) {
    int run = 0;
    for (int at = 0; at < length; at++) {
      byte b = bytes[at];
      if (state == State.HEADLINE && column == held) {
        if (held < SUMMARY.length && b == SUMMARY[held]) {
          // Out of the run, as long as it may be the summary.
          if (held == 0 && at > run) to.take(bytes, run, at - run);
          column = ++held;
          run = at + 1;
          continue;
        }
        release();
      }
      if (b != '\n') {
        if (column < line.length) line[column] = b;
        column++;
        if (state == State.LEFT_OUT) {
          run = at + 1;
          if (++leftOut > LONGEST) state = State.PLAIN;
        }
        continue;
      }
      switch (state) {
        case PLAIN -> {
          if (is(HEADLINE) || is(NO_MEMORY)) state = State.HEADLINE;
        }
        case LEFT_OUT -> {
          run = at + 1;
          if (is(END)) state = State.PLAIN;
        }
        case HEADLINE -> {}
      }
      column = 0;
    }
    if (state != State.LEFT_OUT && length > run) to.take(bytes, run, length - run);
  }

  @Override
  public void end() {
    release();
    to.end();
  }

  /** The held back begin of a line is either the summary's, now whole, or one of another line. */
  private void release() {
    if (held == SUMMARY.length) {
      state = State.LEFT_OUT;
      leftOut = 0;
      to.take(NOTE, 0, NOTE.length);
    } else if (held > 0) {
      to.take(SUMMARY, 0, held);
    }
    held = 0;
  }

  private boolean is(byte[] text) {
    if (column != text.length) return false;
    for (int at = 0; at < text.length; at++) if (line[at] != text[at]) return false;
    return true;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
