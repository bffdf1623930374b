package dev.brigade.testing;

/** Says for people where a thread stands. */
final class Stalls {
  private static final int FRAMES = 40;

  private Stalls() {}

  static String name(Thread t) {
    String kind = t.isVirtual() ? "virtual thread" : "thread";
    return t.getName().isEmpty()
        ? kind + " #" + t.threadId()
        : kind + " " + t.getName() + " #" + t.threadId();
  }

  /** The thread, the frame that is not the JDK's and nearest to the block, and the stack. */
  static void describe(Thread t, StringBuilder out) {
    StackTraceElement[] stack = t.getStackTrace();
    out.append("\n").append(name(t)).append(" (").append(t.getState()).append(")");
    for (StackTraceElement frame : stack) {
      if (isJdk(frame)) continue;
      out.append(" in ").append(frame);
      break;
    }
    for (int i = 0; i < Math.min(FRAMES, stack.length); i++)
      out.append("\n    at ").append(stack[i]);
  }

  private static boolean isJdk(StackTraceElement frame) {
    String c = frame.getClassName();
    return c.startsWith("java.") || c.startsWith("jdk.") || c.startsWith("sun.");
  }
}
