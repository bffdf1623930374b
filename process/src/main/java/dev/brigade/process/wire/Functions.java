package dev.brigade.process.wire;

import java.io.NotSerializableException;

/** The sender's functions: those that can't change are serialised once and then named. */
public final class Functions {
  /**
   * A function as it travels.
   *
   * @param id more than 0 if it is always the same, so that it need be sent only once; else 0
   * @param bytes what {@link Codec#read} makes it of; not to be changed
   */
  public record Reference(long id, byte[] bytes) {}

  private final Codec codec;

  /** With what turns them into bytes. */
  public Functions(Codec codec) {
    this.codec = codec;
  }

  /**
   * How to send a function. May be called from any thread.
   *
   * @throws NotSerializableException if it or what it captures can't travel
   */
  public synchronized Reference of(Object function) throws NotSerializableException {
    var out = new Output();
    codec.write(function, out);
    return new Reference(0, out.toByteArray());
  }
}
