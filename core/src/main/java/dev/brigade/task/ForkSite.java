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
    Object inner = work instanceof Wrapper w ? w.wrapped() : work;
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
    String method = l.getImplMethodName();
    if (method.startsWith("lambda$")) {
      int end = method.lastIndexOf('$');
      method = method.substring("lambda$".length(), Math.max("lambda$".length(), end));
      // javac's form for serialisable lambdas ends in $hash$number
      int hash = method.lastIndexOf('$');
      if (hash > 0) method = method.substring(0, hash);
      if (method.equals("new")) method = "<init>";
    }
    return simple(l.getImplClass().replace('/', '.')) + "." + method;
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
    return StackWalker.getInstance()
        .walk(frames -> frames.filter(ForkSite::isForeign).findFirst())
        .map(f -> simple(f.getClassName()) + "." + f.getMethodName() + ":" + f.getLineNumber())
        .orElse("unknown");
  }

  private static boolean isForeign(StackFrame f) {
    String c = f.getClassName();
    if (!c.startsWith("dev.brigade.")) return true;
    return LIBRARY.stream().noneMatch(c::equals);
  }

  private static final java.util.Set<String> LIBRARY =
      java.util.Set.of(
          ForkSite.class.getName(),
          NamedTask.class.getName(),
          TaskNode.class.getName(),
          TaskScope.class.getName(),
          Tasks.class.getName(),
          FanOut.class.getName());
}
