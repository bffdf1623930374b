package dev.brigade.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What a task inherits from the code that forks it. By itself it inherits the context class loader
 * and nothing else: {@code ThreadLocal}s stay behind, and while nothing is registered here a fork
 * costs nothing extra. Registered {@link ScopedValue}s and captures are bound again in every task,
 * on every engine that shares the JVM.
 *
 * {@snippet :
 * Context.inherit(REQUEST);                                    // a ScopedValue
 * Context.capture(() -> {                                      // a logging context
 *   var map = MDC.getCopyOfContextMap();
 *   return () -> { MDC.setContextMap(map); return MDC::clear; };
 * });
 * }
 *
 * <p>Register once, at the start of the program; each registration lasts until it is closed.
 */
public final class Context {
  private static final List<ScopedValue<?>> VALUES = new CopyOnWriteArrayList<>();
  private static final List<Capture> CAPTURES = new CopyOnWriteArrayList<>();
  private static final ClassLoader SYSTEM = ClassLoader.getSystemClassLoader();
  private static volatile boolean empty = true;

  private Context() {}

  /** An entry; closing it ends the inheritance for tasks forked later. */
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  /** Reads something of the forking thread. */
  @FunctionalInterface
  public interface Capture {
    /** Called on the forking thread at each fork; null if there is nothing to carry over. */
    @Nullable Install capture();
  }

  /** Sets on the task's thread what was captured. */
  @FunctionalInterface
  public interface Install {
    /** Called on the task's thread before the task; what it returns is run there after the task. */
    Runnable install();
  }

  /** Lets tasks inherit a scoped value: where it is bound at the fork, it is bound in the task. */
  public static Registration inherit(ScopedValue<?> value) {
    return add(VALUES, Objects.requireNonNull(value, "value"));
  }

  /** Lets tasks inherit anything else that belongs to a thread. */
  public static Registration capture(Capture capture) {
    return add(CAPTURES, Objects.requireNonNull(capture, "capture"));
  }

  private static synchronized <E> Registration add(List<E> list, E entry) {
    list.add(entry);
    empty = false;
    var open = new AtomicBoolean(true);
    return () -> {
      if (open.compareAndSet(true, false)) remove(list, entry);
    };
  }

  private static synchronized void remove(List<?> list, Object entry) {
    list.remove(entry);
    empty = VALUES.isEmpty() && CAPTURES.isEmpty();
  }

  /**
   * The work bound to what tasks inherit here and now: for a thread of your own, which then runs it
   * as a task forked here would. Tasks do this by themselves.
   */
  public static <T> Callable<T> carry(Callable<T> work) {
    Objects.requireNonNull(work, "work");
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    return empty && loader == SYSTEM ? work : bind(work, loader);
  }

  private static <T> Callable<T> bind(Callable<T> work, @Nullable ClassLoader loader) {
    ScopedValue.Carrier carrier = null;
    for (ScopedValue<?> v : VALUES) carrier = with(carrier, v);
    if (carrier == null && loader == SYSTEM && CAPTURES.isEmpty()) return work;
    List<Install> installs = new ArrayList<>();
    if (loader != SYSTEM) installs.add(() -> install(loader));
    for (Capture c : CAPTURES) {
      Install i = c.capture();
      if (i != null) installs.add(i);
    }
    if (carrier == null && installs.isEmpty()) return work;
    return new Carried<>(carrier, installs, work);
  }

  @SuppressWarnings("NullAway") // null is a legal loader
  private static Runnable install(@Nullable ClassLoader loader) {
    Thread t = Thread.currentThread();
    ClassLoader before = t.getContextClassLoader();
    t.setContextClassLoader(loader);
    return () -> t.setContextClassLoader(before);
  }

  private static <V> ScopedValue.@Nullable Carrier with(
      ScopedValue.@Nullable Carrier carrier, ScopedValue<V> v) {
    if (!v.isBound()) return carrier;
    return carrier == null ? ScopedValue.where(v, v.get()) : carrier.where(v, v.get());
  }

  private record Carried<T>(
      ScopedValue.@Nullable Carrier carrier, List<Install> installs, Callable<T> work)
      implements Callable<T>, ForkSite.Wrapper {
    @Override
    public T call() throws Exception {
      return carrier == null ? installed() : carrier.call(this::installed);
    }

    private T installed() throws Exception {
      List<Runnable> undo = new ArrayList<>();
      T value;
      try {
        for (Install i : installs) undo.addFirst(i.install());
        value = work.call();
      } catch (Throwable t) {
        undo(undo, t);
        throw t;
      }
      Throwable failed = undo(undo, null);
      if (failed != null) throw Failures.<Exception>sneaky(failed);
      return value;
    }

    /** Runs all of them, whatever they throw. */
    private static @Nullable Throwable undo(List<Runnable> undo, @Nullable Throwable primary) {
      Throwable first = primary;
      for (Runnable r : undo) {
        try {
          r.run();
        } catch (Throwable t) {
          if (first == null) first = t;
          else Failures.suppress(first, t, Failures.callBegins());
        }
      }
      return first;
    }

    @Override
    public Object wrapped() {
      return work instanceof ForkSite.Wrapper w ? w.wrapped() : work;
    }
  }
}
