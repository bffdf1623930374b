package dev.brigade.testing;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/*
 * Finds why an object cannot be serialised: the nearest object, breadth first, whose class is not
 * Serializable, with the way to it. Fields are read by reflection where they may be; collections
 * and maps, whose fields may not, by their elements; what a serialisable lambda has captured by its
 * SerializedLambda, which a stream shows to replaceObject without any package having to be open.
 */
/** The object in a graph that keeps it from travelling. */
final class Blockage {
  private record Step(Object object, String way) {}

  private final ArrayDeque<Step> queue = new ArrayDeque<>();
  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  private Blockage() {}

  /** The class and the way to it, or null if nothing was found. */
  static @Nullable String find(Object root) {
    var search = new Blockage();
    search.add(root, root.getClass().getName());
    for (Step s = search.queue.poll(); s != null; s = search.queue.poll()) {
      if (!(s.object instanceof Serializable))
        return s.object.getClass().getName() + " is not Serializable, at " + s.way;
      search.expand(s);
    }
    return null;
  }

  private void add(@Nullable Object object, String way) {
    if (object != null && seen.add(object)) queue.add(new Step(object, way));
  }

  private void expand(Step s) {
    Object o = s.object;
    if (o instanceof String || o instanceof Number || o instanceof Enum || o instanceof Class)
      return;
    if (o instanceof Externalizable) return;
    if (o.getClass().isArray()) {
      if (o instanceof Object[])
        for (int i = 0; i < Array.getLength(o); i++) add(Array.get(o, i), s.way + "[" + i + "]");
      return;
    }
    SerializedLambda lambda = o.getClass().isSynthetic() ? lambdaOf(o) : null;
    if (lambda != null) {
      String where = lambda.getImplClass().replace('/', '.') + "." + lambda.getImplMethodName();
      for (int i = 0; i < lambda.getCapturedArgCount(); i++)
        add(lambda.getCapturedArg(i), s.way + " capture " + i + " of the lambda in " + where);
      return;
    }
    if (o instanceof Collection<?> c) {
      int i = 0;
      for (Object e : c) add(e, s.way + "[" + i++ + "]");
    } else if (o instanceof Map<?, ?> m) {
      m.forEach((k, v) -> {
        add(k, s.way + " key " + k);
        add(v, s.way + "[" + k + "]");
      });
    } else {
      fields(s);
    }
  }

  private void fields(Step s) {
    for (Class<?> c = s.object.getClass(); c != null; c = c.getSuperclass()) {
      if (!Serializable.class.isAssignableFrom(c)) return;
      for (Field f : c.getDeclaredFields()) {
        int m = f.getModifiers();
        if (Modifier.isStatic(m) || Modifier.isTransient(m) || f.getType().isPrimitive()) continue;
        try {
          f.setAccessible(true);
          add(f.get(s.object), s.way + "." + f.getName());
        } catch (InaccessibleObjectException | IllegalAccessException e) {
          // Not ours to read; the stream's own message has to do.
          continue;
        }
      }
    }
  }

  private static @Nullable SerializedLambda lambdaOf(Object o) {
    var found = new SerializedLambda[1];
    try (var out = new Looking(found)) {
      out.writeObject(o);
    } catch (IOException | RuntimeException e) {
      return found[0];
    }
    return found[0];
  }

  /** Sees the first SerializedLambda that passes. */
  private static final class Looking extends ObjectOutputStream {
    private final SerializedLambda[] found;

    Looking(SerializedLambda[] found) throws IOException {
      super(OutputStream.nullOutputStream());
      this.found = found;
      enableReplaceObject(true);
    }

    @Override
    protected @Nullable Object replaceObject(@Nullable Object o) {
      if (found[0] == null && o instanceof SerializedLambda lambda) found[0] = lambda;
      return found[0] == null ? o : null;
    }
  }
}
