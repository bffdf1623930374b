package dev.brigade.process.wire;

import java.util.HashMap;
import java.util.Map;

/** Classes by name in one loader, each looked up once. */
final class Classes {
  private static final int MOST = 4096;
  private static final Map<String, Class<?>> PRIMITIVES =
      Map.of(
          "boolean", boolean.class,
          "byte", byte.class,
          "short", short.class,
          "char", char.class,
          "int", int.class,
          "long", long.class,
          "float", float.class,
          "double", double.class,
          "void", void.class);

  private final ClassLoader loader;
  private final HashMap<String, Class<?>> found = new HashMap<>();

  Classes(ClassLoader loader) {
    this.loader = loader;
  }

  ClassLoader loader() {
    return loader;
  }

  /** Not initialised by this. */
  Class<?> find(String name) throws ClassNotFoundException {
    Class<?> c = found.get(name);
    if (c != null) return c;
    c = PRIMITIVES.get(name);
    if (c == null) c = Class.forName(name, false, loader);
    if (found.size() < MOST) found.put(name, c);
    return c;
  }
}
