package dev.brigade.task;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.lang.StackWalker.StackFrame;
import java.lang.invoke.SerializedLambda;
import org.jspecify.annotations.Nullable;

/** Where a piece of work was written. */
final class ForkSite {
  private ForkSite() {}

  /**
   * The method that declares a lambda, or that a method reference names; for another object its
   * class. A serialisable lambda tells it when it is written to a stream, without reflection into
   * the user's module.
   */
  static String of(Object work) {
    Object inner = work;
    while (inner instanceof Wrapper w) inner = w.wrapped();
    Class<?> type = inner.getClass();
    if (type.isHidden() && inner instanceof java.io.Serializable) {
      SerializedLambda lambda = lambda(inner);
      if (lambda != null) return text(lambda);
    }
    String name = type.getName();
    int hidden = name.indexOf("$$Lambda");
    return simple(hidden < 0 ? name : name.substring(0, hidden));
  }

  /** Work that stands for other work, which people would rather hear of. */
  interface Wrapper {
    Object wrapped();
  }

  private static String text(SerializedLambda l) {
    return simple(l.getImplClass().replace('/', '.')) + "." + declaring(l.getImplMethodName());
  }

  /**
   * The method that a lambda's own method was made for: lambda$name$hash$number, or without hash.
   */
  private static String declaring(String method) {
    if (!method.startsWith("lambda$")) return method;
    String rest = method.substring("lambda$".length());
    rest = rest.substring(0, Math.max(0, rest.lastIndexOf('$')));
    int hash = rest.lastIndexOf('$');
    if (hash > 0) rest = rest.substring(0, hash);
    return rest.equals("new") ? "<init>" : rest;
  }

  private static String simple(String className) {
    return className.substring(className.lastIndexOf('.') + 1).replace('$', '.');
  }

  private static @Nullable SerializedLambda lambda(Object work) {
    try (var out = new Catcher()) {
      out.writeObject(work);
      return out.found;
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  /** Sees the first object that a lambda replaces itself with, and writes nothing more. */
  private static final class Catcher extends ObjectOutputStream {
    @Nullable SerializedLambda found;

    Catcher() throws IOException {
      super(OutputStream.nullOutputStream());
      enableReplaceObject(true);
    }

    @Override
    protected @Nullable Object replaceObject(Object o) {
      if (found == null && o instanceof SerializedLambda l) found = l;
      return null;
    }
  }

  /** The line that called into the library. */
  static String line() {
    return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
        .walk(frames -> frames.filter(ForkSite::isForeign).findFirst())
        .map(ForkSite::text)
        .orElse("unknown");
  }

  private static String text(StackFrame f) {
    return simple(f.getClassName()) + "." + declaring(f.getMethodName()) + ":" + f.getLineNumber();
  }

  /** What was compiled elsewhere is not the library. */
  private static boolean isForeign(StackFrame f) {
    Class<?> c = f.getDeclaringClass();
    return c.getProtectionDomain() != ForkSite.class.getProtectionDomain() && !c.isHidden();
  }
}
