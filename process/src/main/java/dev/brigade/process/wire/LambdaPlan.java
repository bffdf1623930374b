package dev.brigade.process.wire;

import java.lang.invoke.SerializedLambda;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/*
 * The hidden class of a serialisable lambda has a private writeReplace that tells what it stands for.
 * Where its package lets us in we ask it directly (0.1 µs); elsewhere the JDK's stream does, to which
 * it must answer. All instances of one such class differ in what they captured and in nothing else,
 * so the rest is put into bytes once.
 */
/** How the functions made at one place of a program are written. */
final class LambdaPlan {
  private final @Nullable Method writeReplace;
  private volatile byte @Nullable [] shape;
  private int hash;

  private LambdaPlan(@Nullable Method writeReplace) {
    this.writeReplace = writeReplace;
  }

  static @Nullable LambdaPlan of(Class<?> hidden) {
    try {
      Method m = hidden.getDeclaredMethod("writeReplace");
      m.setAccessible(true);
      return new LambdaPlan(m);
    } catch (NoSuchMethodException | LinkageError e) {
      return null;
    } catch (InaccessibleObjectException e) {
      return new LambdaPlan(null);
    }
  }

  /** What the function stands for, or null if it does not say. */
  @Nullable SerializedLambda describe(Object function) {
    if (writeReplace == null) return JavaOut.lambda(function);
    try {
      return writeReplace.invoke(function) instanceof SerializedLambda s ? s : null;
    } catch (IllegalAccessException | InvocationTargetException e) {
      return null;
    }
  }

  /** What all of them have in common. */
  byte[] shape(SerializedLambda one) {
    byte[] s = shape;
    if (s == null) {
      s = LambdaShape.encode(one);
      hash = Known.hash(s);
      shape = s;
    }
    return s;
  }

  /** Of the shape, once it is there. */
  int hash() {
    return hash;
  }
}
