package dev.brigade.cli.advise;

import dev.brigade.task.Fn;
import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Calls the user's own class with a string. */
public final class NamedClass {
  /** What a class may offer, in the order in which it is looked for. */
  public static final String FORMS =
      "a public static method apply(String), java.util.function.Function or dev.brigade.task.Fn with"
          + " a public constructor without parameters, or public static void main(String[])";

  private static final Map<Travelling, Fn<String, Object, Exception>> FOUND =
      new ConcurrentHashMap<>();

  private NamedClass() {}

  /**
   * The same class, found where it is called, which may be another process; what it returns stays
   * there.
   *
   * @param classPath where the class is
   * @param name its name
   */
  public record Travelling(String classPath, String name)
      implements Fn<String, Boolean, Exception> {
    @Override
    public Boolean apply(String argument) throws Exception {
      Fn<String, Object, Exception> known = FOUND.get(this);
      if (known == null) known = FOUND.computeIfAbsent(this, t -> find(t.classPath, t.name));
      Object unused = known.apply(argument);
      return true;
    }

    /** So that looking for it is not a part of what is measured here. */
    public Travelling known(Fn<String, Object, Exception> found) {
      var unused = FOUND.putIfAbsent(this, found);
      return this;
    }
  }

  /**
   * Finds it.
   *
   * @throws IllegalArgumentException if there is no such class, or it has none of the {@link
   *     #FORMS}
   */
  public static Fn<String, Object, Exception> find(String classPath, String name) {
    Class<?> type;
    try {
      var loader = new URLClassLoader(urls(classPath), NamedClass.class.getClassLoader());
      type = Class.forName(name, true, loader);
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException(
          "there is no class " + name + " on the class path " + classPath, e);
    } catch (LinkageError | MalformedURLException e) {
      throw new IllegalArgumentException("class " + name + " can't be loaded: " + e, e);
    }
    try {
      return form(type);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("class " + name + " can't be used: " + e, e);
    }
  }

  private static URL[] urls(String classPath) throws MalformedURLException {
    List<URL> urls = new ArrayList<>();
    for (String entry : classPath.split(File.pathSeparator))
      urls.add(new File(entry).toURI().toURL());
    return urls.toArray(URL[]::new);
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // what it takes is the user's promise
  private static Fn<String, Object, Exception> form(Class<?> type)
      throws ReflectiveOperationException {
    for (Method m : type.getMethods())
      if (m.getName().equals("apply") && isStatic(m, String.class)) return s -> call(m, s);
    if (Function.class.isAssignableFrom(type)) {
      var f = (Function) type.getConstructor().newInstance();
      return f::apply;
    }
    if (Fn.class.isAssignableFrom(type)) return (Fn) type.getConstructor().newInstance();
    for (Method m : type.getMethods())
      if (m.getName().equals("main") && isStatic(m, String[].class))
        return s -> call(m, (Object) new String[] {s});
    throw new IllegalArgumentException(
        "class " + type.getName() + " has none of the forms that can be called: " + FORMS);
  }

  private static boolean isStatic(Method m, Class<?> parameter) {
    return Modifier.isStatic(m.getModifiers())
        && m.getParameterCount() == 1
        && m.getParameterTypes()[0] == parameter;
  }

  @SuppressWarnings("NullAway") // its result may be null
  private static Object call(Method m, Object argument) throws Exception {
    try {
      return m.invoke(null, argument);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Exception thrown) throw thrown;
      if (e.getCause() instanceof Error error) throw error;
      throw e;
    }
  }
}
