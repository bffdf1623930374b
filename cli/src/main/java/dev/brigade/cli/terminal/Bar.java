package dev.brigade.cli.terminal;

/** A horizontal bar in eighths of a column. */
public final class Bar {
  private static final String PARTS = " ▏▎▍▌▋▊▉█";

  private Bar() {}

  /**
   * A bar of exactly {@code columns} columns, blank where it does not reach.
   *
   * @param share how much of it is filled: 0 to 1, and what is outside of that is taken as the
   *     nearest
   */
  public static String of(double share, int columns) {
    long eighths = Math.round(Math.clamp(share, 0, 1) * columns * 8);
    // A little is not nothing.
    if (eighths == 0 && share > 0) eighths = 1;
    var bar = new StringBuilder("█".repeat((int) (eighths / 8)));
    if (eighths % 8 != 0) bar.append(PARTS.charAt((int) (eighths % 8)));
    return bar.append(" ".repeat(columns - bar.length())).toString();
  }

  /** The same in two shades: what is done and what is to do. */
  public static String ofProgress(double share, int columns) {
    int done = (int) (Math.clamp(share, 0, 1) * columns);
    return "█".repeat(done) + "░".repeat(columns - done);
  }
}
