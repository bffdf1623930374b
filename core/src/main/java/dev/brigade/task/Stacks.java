package dev.brigade.task;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the stacks of other threads. */
final class Stacks {
  private Stacks() {}

  /** Innermost first, without what lies outside of the user's outermost method. */
  static List<StackTraceElement> of(Thread t) {
    StackTraceElement[] all = t.getStackTrace();
    int end = all.length;
    while (end > 0 && !isUsers(all[end - 1])) end--;
    return List.of(end == 0 ? all : Arrays.copyOf(all, end));
  }

  /**
   * The innermost frame that is neither the JDK's nor ours, nor that of a clock in which one of our
   * waits parks.
   */
  static @Nullable StackTraceElement users(List<StackTraceElement> frames) {
    int from = frames.size();
    while (from > 0 && !frames.get(from - 1).getClassName().equals(Waiter.class.getName())) from--;
    for (StackTraceElement f : frames.subList(from, frames.size())) if (isUsers(f)) return f;
    return null;
  }

  /**
   * Whether a virtual thread has a carrier now. Only its text tells: the carrier stands behind the
   * state. Should a JDK say it in another way, nothing is found, rather than something wrong.
   */
  static boolean isMounted(Thread virtual) {
    String text = virtual.toString();
    return text.indexOf('@', text.lastIndexOf("]/") + 1) >= 0;
  }

  /** What keeps a parked thread on its carrier, as far as its stack shows it. */
  static String pinnedBy(List<StackTraceElement> frames) {
    boolean own = false;
    for (StackTraceElement f : frames) {
      if (f.getMethodName().equals("<clinit>"))
        return "inside the initialiser of class " + f.getClassName();
      if (own && f.isNativeMethod())
        return "in what native code calls back, " + f.getClassName() + "." + f.getMethodName();
      own |= isUsers(f);
    }
    return "with native code on its stack";
  }

  private static boolean isUsers(StackTraceElement f) {
    String module = f.getModuleName();
    if (module != null && (module.startsWith("java.") || module.startsWith("jdk."))) return false;
    return !f.getClassName().startsWith("dev.brigade.") || !isOurs(f.getClassName());
  }

  /** Whether a class of that name was compiled together with this one. */
  private static boolean isOurs(String className) {
    try {
      Class<?> c = Class.forName(className, false, Stacks.class.getClassLoader());
      return c.getProtectionDomain() == Stacks.class.getProtectionDomain();
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }
}
