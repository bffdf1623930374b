package dev.brigade.storm;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * The library's log during a storm: warnings are its business as usual there and are dropped, but
 * what it logs as an error says that something of its own broke.
 */
final class ErrorLog extends Handler {
  private static final Logger LOGGER = Logger.getLogger("dev.brigade");
  private final ConcurrentLinkedQueue<LogRecord> errors = new ConcurrentLinkedQueue<>();

  static ErrorLog install() {
    var log = new ErrorLog();
    LOGGER.setUseParentHandlers(false);
    LOGGER.addHandler(log);
    return log;
  }

  void check() {
    LogRecord first = errors.peek();
    if (first != null)
      throw new AssertionError("the library logged: " + first.getMessage(), first.getThrown());
  }

  @Override
  public void publish(LogRecord entry) {
    if (entry.getLevel().intValue() >= Level.SEVERE.intValue()) errors.add(entry);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
