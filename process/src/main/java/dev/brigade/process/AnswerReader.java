package dev.brigade.process;

import dev.brigade.process.wire.Codec;
import dev.brigade.process.wire.Input;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads what a worker sends, with the shared memory that it tells of. For one thread at a time. */
final class AnswerReader {
  private final Codec codec;
  private final Exchange exchange;

  AnswerReader(Codec codec, Exchange exchange) {
    this.codec = codec;
    this.exchange = exchange;
  }

  /**
   * Of several values: before the first of them. Nothing of others may run before {@link #exit}.
   */
  void enter() {
    exchange.enter();
  }

  void exit() {
    exchange.exit();
  }

  /** One of several values. */
  @Nullable Object next(Input in) throws IOException, ClassNotFoundException {
    return codec.read(in);
  }

  /** One of several, which is a failure. */
  Throwable nextFailure(Input in) throws IOException {
    return codec.readFailure(in);
  }

  @Nullable Object read(Input in) throws IOException, ClassNotFoundException {
    exchange.enter();
    try {
      return codec.read(in);
    } finally {
      exchange.exit();
    }
  }

  Throwable readFailure(Input in) throws IOException {
    exchange.enter();
    try {
      return codec.readFailure(in);
    } finally {
      exchange.exit();
    }
  }

  /** Somebody has what was read. */
  void accept() {
    exchange.accept();
  }

  /** What nobody has accepted is given back. */
  void release() {
    exchange.release();
  }
}
