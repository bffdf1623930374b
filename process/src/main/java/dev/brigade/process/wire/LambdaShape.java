package dev.brigade.process.wire;

import java.io.IOException;
import java.io.InvalidObjectException;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/*
 * An instance is made by the method `$deserializeLambda$` that the compiler put into the capturing
 * class for just that: it checks that such a lambda exists there and links it once, so that the
 * second costs no more than a call. In a package that does not let us in, the JDK's stream calls it:
 * it gets a stand-in for each captured value, in whose place it then puts the value itself, so that
 * nothing is copied again.
 */
/** All of a lambda but what it captured: which code of which class, as which interface. */
final class LambdaShape {
  private final Class<?> capturing;
  private final String[] names;
  private final int methodKind;
  private final @Nullable Method maker;

  private LambdaShape(Class<?> capturing, String[] names, int methodKind, @Nullable Method maker) {
    this.capturing = capturing;
    this.names = names;
    this.methodKind = methodKind;
    this.maker = maker;
  }

  static byte[] encode(SerializedLambda s) {
    var out = new Output(512);
    out.putByte(s.getImplMethodKind());
    out.putText(s.getCapturingClass());
    out.putText(s.getFunctionalInterfaceClass());
    out.putText(s.getFunctionalInterfaceMethodName());
    out.putText(s.getFunctionalInterfaceMethodSignature());
    out.putText(s.getImplClass());
    out.putText(s.getImplMethodName());
    out.putText(s.getImplMethodSignature());
    out.putText(s.getInstantiatedMethodType());
    return out.toByteArray();
  }

  static LambdaShape decode(byte[] bytes, Classes classes)
      throws IOException, ClassNotFoundException {
    var in = new Input(bytes);
    int kind = in.getByte();
    Class<?> capturing = classes.find(in.getText().replace('/', '.'));
    var names = new String[7];
    for (int i = 0; i < names.length; i++) names[i] = in.getText();
    if (in.remaining() != 0) throw new IOException("more than a lambda");
    Method maker;
    try {
      maker = capturing.getDeclaredMethod("$deserializeLambda$", SerializedLambda.class);
      maker.setAccessible(true);
    } catch (NoSuchMethodException e) {
      throw new InvalidObjectException("no serialisable lambda in " + capturing.getName());
    } catch (InaccessibleObjectException e) {
      maker = null;
    }
    return new LambdaShape(capturing, names, kind, maker);
  }

  Class<?> capturing() {
    return capturing;
  }

  /** A function of this shape that has captured these. */
  Object make(@Nullable Object[] captured, JavaFormat java)
      throws IOException, ClassNotFoundException {
    Object made;
    try {
      if (maker != null) {
        made = maker.invoke(null, described(captured));
      } else {
        var slots = new Object[captured.length];
        for (int i = 0; i < slots.length; i++) slots[i] = new Slot(i);
        made = java.resolve(described(slots), captured);
      }
    } catch (InvocationTargetException e) {
      throw refusal(e.getCause());
    } catch (IllegalAccessException | RuntimeException e) {
      throw refusal(e);
    }
    if (made == null) throw refusal(null);
    return made;
  }

  private SerializedLambda described(@Nullable Object[] captured) {
    return new SerializedLambda(
        capturing,
        names[0],
        names[1],
        names[2],
        methodKind,
        names[3],
        names[4],
        names[5],
        names[6],
        captured);
  }

  private InvalidObjectException refusal(@Nullable Throwable cause) {
    var e =
        new InvalidObjectException(
            "no such lambda in " + capturing.getName() + ", which is another version here");
    if (cause != null) e.initCause(cause);
    return e;
  }
}
