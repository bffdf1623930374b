package dev.brigade.measure;

/*
 * Where the system tells nothing of threads: between two looks a thread is taken to have done what it
 * does at the later one. A thread that the JVM calls runnable is running, or queued for a core, which
 * counts the same; but not if it is inside a native call of the JDK's input and output.
 */
/** A thread of any system, judged by its state alone. */
final class StateProbe implements Probe {
  private final Thread thread;
  private long at = System.nanoTime();
  private long running;
  private long waits;

  StateProbe(Thread thread) {
    this.thread = thread;
  }

  static final class All implements Probes {
    @Override
    public Probe here() {
      return new StateProbe(Thread.currentThread());
    }

    @Override
    public String caveat() {
      return "this system does not tell how long threads were on a core, so their states were sampled";
    }
  }

  @Override
  public Look look() {
    long now = System.nanoTime();
    Doing doing = Doings.of(thread);
    if (doing == null) doing = isInNativeInput(thread) ? Doing.WAITING : Doing.RUNNING;
    if (doing == Doing.RUNNING) running += now - at;
    else waits++;
    at = now;
    return new Look(running, 0, waits, doing);
  }

  static boolean isInNativeInput(Thread thread) {
    StackTraceElement[] stack = thread.getStackTrace();
    if (stack.length == 0 || !stack[0].isNativeMethod()) return false;
    String type = stack[0].getClassName();
    return type.startsWith("sun.nio.")
        || type.startsWith("java.io.")
        || type.startsWith("java.net.")
        || type.startsWith("sun.net.");
  }

  @Override
  public void close() {}
}
