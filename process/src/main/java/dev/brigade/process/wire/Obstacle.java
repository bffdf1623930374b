package dev.brigade.process.wire;

import java.io.Externalizable;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/*
 * Breadth first, so that the way shown is the shortest. Fields are read by reflection where they may
 * be; collections and maps, whose fields may not, by their elements; a lambda by what it captured.
 * Nothing of the objects' own code is called but iterators, and what those throw ends the search of
 * that object only.
 */
/** The object in a graph that keeps it from travelling, and the way to it. */
final class Obstacle {
  private static final int MOST = 100_000;

  /** An object, what it is to the one that holds it, and that one. */
  private record Step(Object object, String role, @Nullable Step holder, boolean isThis) {
    /** Else it is the whole, or captured. */
    boolean isPart() {
      return !role.isEmpty() && !role.startsWith(CAPTURED);
    }
  }

  private static final String CAPTURED = "captured by ";

  private final ArrayDeque<Step> queue = new ArrayDeque<>();
  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  private Obstacle() {}

  /** A sentence about it, or null if none was found. */
  @SuppressWarnings("CatchingUnchecked") // to explain must not make it worse
  static @Nullable String find(Object root) {
    try {
      var search = new Obstacle();
      search.add(root, "", null);
      for (Step s = search.queue.poll(); s != null; s = search.queue.poll()) {
        if (!(s.object instanceof Serializable) && !(s.object instanceof Optional<?>))
          return sentence(s);
        search.expand(s);
      }
      return null;
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      return null;
    }
  }

  private static String sentence(Step s) {
    Class<?> type = s.object.getClass();
    var way = new StringBuilder();
    if (!s.isPart()) way.append(s.isThis() ? "`this`, " + a(type) : a(type));
    for (Step at = s; at != null && !at.role.isEmpty(); at = at.holder) {
      if (at == s) way.append(at.isPart() ? at.role : ", " + at.role);
      else way.append(at.isPart() ? ", which is " : ", ").append(at.role);
    }
    // The way between commas, if there is one.
    if (s.isPart()) {
      if (s.holder != null && !s.holder.role.isEmpty()) way.append(',');
      way.append(" holds ").append(a(type)).append(", which");
    } else if (!s.role.isEmpty()) way.append(',');
    return way.append(" can't travel: ").append(reason(type)).toString();
  }

  private static String reason(Class<?> type) {
    return isLambda(type)
        ? "its interface is not Serializable (use Work or Fn, or cast it as in (Runnable & Serializable))"
        : "it is not Serializable";
  }

  private static boolean isLambda(Class<?> type) {
    return type.isHidden() && type.getName().contains("$$Lambda");
  }

  private static String name(Class<?> type) {
    if (isLambda(type)) {
      String n = type.getName();
      return "the lambda in " + n.substring(0, n.indexOf("$$Lambda"));
    }
    return type.getTypeName();
  }

  private static String a(Class<?> type) {
    String n = name(type);
    if (n.startsWith("the ")) return n;
    return "a " + n;
  }

  private void add(@Nullable Object object, String role, @Nullable Step holder) {
    add(object, role, holder, false);
  }

  private void add(@Nullable Object object, String role, @Nullable Step holder, boolean isThis) {
    if (object != null && seen.size() < MOST && seen.add(object))
      queue.add(new Step(object, role, holder, isThis));
  }

  private void expand(Step s) {
    Object o = s.object;
    if (o instanceof String || o instanceof Number || o instanceof Enum || o instanceof Class)
      return;
    if (o instanceof Externalizable) return;
    if (o.getClass().isArray()) {
      if (o instanceof Object[])
        for (int i = 0; i < Array.getLength(o); i++)
          add(Array.get(o, i), "element " + i + of(o), s);
      return;
    }
    SerializedLambda lambda = o.getClass().isHidden() ? JavaOut.lambda(o) : null;
    if (lambda != null) {
      captures(lambda, s);
      return;
    }
    switch (o) {
      case Optional<?> optional -> add(optional.orElse(null), "the value" + of(o), s);
      case Collection<?> c -> {
        int i = 0;
        for (Object e : c) add(e, "element " + i++ + of(c), s);
      }
      case Map<?, ?> m -> {
        for (Map.Entry<?, ?> e : m.entrySet()) {
          add(e.getKey(), "a key" + of(m), s);
          add(e.getValue(), "the value of key " + key(e.getKey()) + of(m), s);
        }
      }
      default -> {}
    }
    fields(s);
  }

  private static String of(Object holder) {
    return " of " + a(holder.getClass());
  }

  private static String key(@Nullable Object key) {
    return key instanceof String || key instanceof Number || key instanceof Enum
        ? "`" + key + "`"
        : "of type " + (key == null ? "null" : key.getClass().getTypeName());
  }

  private void captures(SerializedLambda lambda, Step s) {
    String where = place(lambda);
    for (int i = 0; i < lambda.getCapturedArgCount(); i++) {
      Object captured = lambda.getCapturedArg(i);
      if (captured == null) continue;
      boolean self = i == 0 && captured.getClass().getName().equals(dots(lambda.getImplClass()));
      add(captured, CAPTURED + where, s, self);
    }
  }

  private static String place(SerializedLambda lambda) {
    String type = dots(lambda.getImplClass());
    String method = lambda.getImplMethodName();
    if (!method.startsWith("lambda$")) return "the method reference " + type + "::" + method;
    // The compiler adds a hash, if it is serialisable, and a number.
    String in = method.substring("lambda$".length());
    for (int i = 0; i < 2 && in.lastIndexOf('$') > 0; i++)
      in = in.substring(0, in.lastIndexOf('$'));
    return "the lambda in " + dots(lambda.getCapturingClass()) + "." + in;
  }

  private static String dots(String name) {
    return name.replace('/', '.');
  }

  private void fields(Step s) {
    for (Class<?> c = s.object.getClass(); c != null; c = c.getSuperclass()) {
      if (!Serializable.class.isAssignableFrom(c)) return;
      for (Field f : c.getDeclaredFields()) {
        int m = f.getModifiers();
        if (Modifier.isStatic(m) || Modifier.isTransient(m) || f.getType().isPrimitive()) continue;
        try {
          f.setAccessible(true);
          add(f.get(s.object), role(f), s);
        } catch (InaccessibleObjectException | IllegalAccessException e) {
          // Not ours to read; the stream's own message has to do.
          continue;
        }
      }
    }
  }

  private static String role(Field f) {
    String n = f.getName();
    String type = f.getDeclaringClass().getTypeName();
    if (f.isSynthetic() && n.startsWith("this$"))
      return "the enclosing object (field `" + n + "` of " + type + ")";
    if (f.isSynthetic() && n.startsWith("val$"))
      return "the variable `" + n.substring(4) + "` used in " + type;
    return "field `" + n + "` of " + type;
  }
}
