package dev.brigade.process.wire;

import java.io.IOException;
import java.io.InvalidObjectException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The shapes of lambdas that came by, each understood once. */
final class Lambdas {
  private final Classes classes;
  private final Gate gate;
  private final JavaFormat java;
  private final Known<LambdaShape> shapes = new Known<>();

  Lambdas(Classes classes, Gate gate, JavaFormat java) {
    this.classes = classes;
    this.gate = gate;
    this.java = java;
  }

  /** The shape in this stretch of bytes, if its class may be read. */
  LambdaShape shape(int hash, byte[] bytes, int from, int to)
      throws IOException, ClassNotFoundException {
    LambdaShape shape = shapes.find(hash, bytes, from, to);
    if (shape == null) {
      byte[] copy = Arrays.copyOfRange(bytes, from, to);
      shape = LambdaShape.decode(copy, classes);
      gate.check(shape.capturing(), -1, 1, 1, to);
      shapes.add(hash, copy, shape);
    }
    return shape;
  }

  Object make(LambdaShape shape, @Nullable Object[] captured)
      throws IOException, ClassNotFoundException {
    return shape.make(captured, java);
  }

  Object make(LambdaParcel parcel) throws IOException, ClassNotFoundException {
    if (parcel.shape == null || parcel.captured == null)
      throw new InvalidObjectException("a lambda without its parts");
    byte[] s = parcel.shape;
    return make(shape(Known.hash(s), s, 0, s.length), parcel.captured);
  }
}
