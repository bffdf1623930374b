package dev.brigade.cli.terminal;

import java.io.BufferedOutputStream;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where a command writes, and whether people look at it. Always UTF-8: the bars need it, and a
 * container without a locale shows it all the same. Whoever writes must flush.
 *
 * @param out results
 * @param err progress and complaints
 * @param outShown whether {@code out} is a terminal
 * @param errShown whether {@code err} is a terminal
 * @param coloured whether to use colours
 */
public record Terminal(
    PrintStream out, PrintStream err, boolean outShown, boolean errShown, boolean coloured) {

  /**
   * Set by the launcher to the numbers of the descriptors that are terminals: "", "1", "2", "12".
   */
  private static final String SHOWN = "brigade.terminals";

  /** The terminal of this process. */
  public static Terminal ofProcess() {
    String shown = System.getProperty(SHOWN);
    if (shown == null) shown = console() ? "12" : "";
    boolean outShown = shown.contains("1");
    return new Terminal(
        stream(new FileOutputStream(FileDescriptor.out), 1 << 16),
        stream(new FileOutputStream(FileDescriptor.err), 1 << 10),
        outShown,
        shown.contains("2"),
        outShown && colours());
  }

  /** One that nobody looks at. */
  public static Terminal plain(OutputStream out, OutputStream err) {
    return new Terminal(stream(out, 1 << 10), stream(err, 1 << 10), false, false, false);
  }

  /** The same, without anything that comes and goes on standard error. */
  public Terminal withoutStatus() {
    return new Terminal(out, err, outShown, false, coloured);
  }

  private static boolean console() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  private static boolean colours() {
    String none = System.getenv("NO_COLOR");
    return (none == null || none.isEmpty()) && !"dumb".equals(System.getenv("TERM"));
  }

  private static PrintStream stream(OutputStream to, int bufferBytes) {
    return new PrintStream(
        new BufferedOutputStream(to, bufferBytes), false, StandardCharsets.UTF_8);
  }

  /** The text in bold. */
  public String bold(String text) {
    return styled("1", text);
  }

  /** The text less bright, for what is said by the way. */
  public String dim(String text) {
    return styled("2", text);
  }

  /** The text in the colour of good news. */
  public String green(String text) {
    return styled("32", text);
  }

  /** The text in the colour of bars. */
  public String cyan(String text) {
    return styled("36", text);
  }

  private String styled(String code, String text) {
    return coloured ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }

  /** Hands everything on. */
  public void flush() {
    out.flush();
    err.flush();
  }
}
