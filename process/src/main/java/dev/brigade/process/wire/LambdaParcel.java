package dev.brigade.process.wire;

import java.io.Serial;
import java.io.Serializable;

/** In the JDK's format, in place of a lambda. */
@SuppressWarnings("serial") // what is captured may be anything; what can't travel is named
final class LambdaParcel implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  final byte[] shape;
  final Object[] captured;

  LambdaParcel(byte[] shape, Object[] captured) {
    this.shape = shape;
    this.captured = captured;
  }
}
