package dev.brigade.process;

import java.util.concurrent.RejectedExecutionException;

/**
 * No worker of the pool can be made ready: several died, or failed in their initialiser, one after
 * the other. What waited has failed with this, and nothing more is taken.
 */
public final class PoolBrokenException extends RejectedExecutionException {
  private static final long serialVersionUID = 1L;

  /** With what the last of them died of. */
  public PoolBrokenException(String message, Throwable cause) {
    super(message, cause);
  }
}
