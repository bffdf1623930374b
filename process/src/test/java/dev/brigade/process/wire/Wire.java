package dev.brigade.process.wire;

import java.io.NotSerializableException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;

/** Both ends of a connection in one. */
final class Wire {
  final Codec codec;

  Wire() {
    this(new Codec(Wire.class.getClassLoader(), null));
  }

  Wire(Codec codec) {
    this.codec = codec;
  }

  byte[] encode(@Nullable Object value) {
    var out = new Output(16);
    try {
      codec.write(value, out);
    } catch (NotSerializableException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  @Nullable Object decode(byte[] bytes) {
    var in = new Input(bytes);
    try {
      Object o = codec.read(in);
      Assertions.assertEquals(0, in.remaining(), "all of the message is read");
      return o;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @SuppressWarnings("unchecked")
  <T> T copy(T value) {
    return (T) Objects.requireNonNull(decode(encode(value)));
  }

  Throwable copyOfFailure(Throwable t) {
    var out = new Output();
    codec.writeFailure(t, out);
    var in = new Input(out.array(), 0, out.size());
    try {
      Throwable copy = codec.readFailure(in);
      Assertions.assertEquals(0, in.remaining(), "all of the message is read");
      return copy;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Why this object can't travel. */
  String refusal(Object value) {
    var out = new Output();
    out.putInt(7);
    String message =
        message(
            Assertions.assertThrows(NotSerializableException.class, () -> codec.write(value, out)));
    Assertions.assertEquals(4, out.size(), "nothing was added");
    return message;
  }

  static String message(Throwable t) {
    return String.valueOf(t.getMessage());
  }
}
