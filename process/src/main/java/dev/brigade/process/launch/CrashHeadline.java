package dev.brigade.process.launch;

import java.nio.charset.StandardCharsets;

/*
 * Design. A crashing JVM writes its headline to the standard output too, whatever its options say. The
 * error output has it already, and here it would end up in the middle of the program's data. It is told
 * by its first two lines, of which no more is held back than may still be their begin, and lasts as long
 * as lines begin with '#'.
 */
/** Lets standard output through, but for the headline of a JVM's crash report. */
final class CrashHeadline implements OutputFilter {
  private static final byte[][] BEGINS = {
    "#\n# A fatal error has been detected by the Java Runtime Environment:\n"
        .getBytes(StandardCharsets.US_ASCII),
    "#\n# There is insufficient memory for the Java Runtime Environment to continue.\n"
        .getBytes(StandardCharsets.US_ASCII)
  };

  private final Sink to;

  /** The begin that is being matched, and how much of it is held back. */
  private byte[] begin = BEGINS[0];

  private int held;
  private boolean lineBegins = true;
  private boolean leavingOut;

  CrashHeadline(Sink to) {
    this.to = to;
  }

  @Override
  public void take(byte[] bytes, int length) {
    int run = 0;
    for (int at = 0; at < length; at++) {
      byte b = bytes[at];
      if (leavingOut && lineBegins && b != '#') {
        leavingOut = false;
        run = at;
      }
      if (leavingOut) {
        lineBegins = b == '\n';
        run = at + 1;
        continue;
      }
      if ((held > 0 || lineBegins) && matches(b)) {
        if (held == 0 && at > run) to.take(bytes, run, at - run);
        run = at + 1;
        lineBegins = b == '\n';
        if (++held == begin.length) {
          held = 0;
          leavingOut = true;
        }
        continue;
      }
      release();
      // What broke the match may be the begin of the next.
      if (lineBegins && matches(b)) {
        held = 1;
        run = at + 1;
        lineBegins = false;
        continue;
      }
      lineBegins = b == '\n';
    }
    if (length > run) to.take(bytes, run, length - run);
  }

  /** Whether this byte goes on with what is held, switching to the other begin if that fits. */
  private boolean matches(byte b) {
    for (byte[] candidate : BEGINS) {
      if (held < candidate.length && candidate[held] == b && same(candidate)) {
        begin = candidate;
        return true;
      }
    }
    return false;
  }

  private boolean same(byte[] candidate) {
    for (int at = 0; at < held; at++) if (candidate[at] != begin[at]) return false;
    return true;
  }

  private void release() {
    if (held > 0) to.take(begin, 0, held);
    held = 0;
  }

  @Override
  public void end() {
    release();
    to.end();
  }
}
