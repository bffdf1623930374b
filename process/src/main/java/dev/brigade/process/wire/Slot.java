package dev.brigade.process.wire;

import java.io.Serial;
import java.io.Serializable;

/** In the JDK's format, in place of something that the reader has already. */
record Slot(int index) implements Serializable {
  @Serial private static final long serialVersionUID = 1L;
}
