package dev.brigade.cli.terminal;

/**
 * One line on standard error that is overwritten as things go on and wiped in the end; nothing at
 * all where nobody looks. Any thread may use it.
 */
public final class StatusLine implements AutoCloseable {
  private static final String CLEAR_TO_END = "\u001b[K";

  private final Terminal terminal;
  private boolean shown;

  /** Begins with nothing shown. */
  public StatusLine(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Shows this instead of what was there. */
  public synchronized void show(String text) {
    if (!terminal.errShown()) return;
    terminal.err().print("\r" + text + CLEAR_TO_END);
    terminal.err().flush();
    shown = true;
  }

  /** Takes the line away; another may be shown afterwards. */
  @Override
  public synchronized void close() {
    if (!shown) return;
    terminal.err().print("\r" + CLEAR_TO_END);
    terminal.err().flush();
    shown = false;
  }
}
