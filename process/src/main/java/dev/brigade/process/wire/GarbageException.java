package dev.brigade.process.wire;

import java.io.IOException;

/** The other side sent what is no message. */
public final class GarbageException extends IOException {
  private static final long serialVersionUID = 1L;

  /** With what is wrong. */
  public GarbageException(String message) {
    super(message);
  }
}
