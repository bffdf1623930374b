package dev.brigade.observe;

import dev.brigade.annotation.CheckReturnValue;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The observers of this JVM. While none is registered nothing is recorded and nothing allocated:
 * each place that could emit reads one field.
 */
public final class Observers {
  private static final Object LOCK = new Object();
  private static final AtomicLong NUMBERS = new AtomicLong();
  private static volatile Observer[] all = {};

  private Observers() {}

  /**
   * An observer's entry in the list; closing it takes the observer out, more than once is harmless.
   */
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Adds an observer; it sees everything from now on until the registration is closed.
   *
   * @throws NullPointerException if {@code observer} is null
   */
  @CheckReturnValue
  public static Registration register(Observer observer) {
    Objects.requireNonNull(observer, "observer");
    synchronized (LOCK) {
      Observer[] now = all;
      Observer[] next = Arrays.copyOf(now, now.length + 1);
      next[now.length] = observer;
      all = next;
    }
    var open = new AtomicBoolean(true);
    return () -> {
      if (open.compareAndSet(true, false)) remove(observer);
    };
  }

  private static void remove(Observer observer) {
    synchronized (LOCK) {
      Observer[] now = all;
      for (int i = 0; i < now.length; i++) {
        if (now[i] != observer) continue;
        Observer[] next = new Observer[now.length - 1];
        System.arraycopy(now, 0, next, 0, i);
        System.arraycopy(now, i + 1, next, i, next.length - i);
        all = next;
        return;
      }
    }
  }

  /** Whether anybody listens: ask before making an event. */
  @CheckReturnValue
  public static boolean present() {
    return all.length != 0;
  }

  /** A number for a task that will be reported, never given twice in this JVM. */
  @CheckReturnValue
  public static long nextNumber() {
    return NUMBERS.incrementAndGet();
  }

  /** Hands the event to every observer. */
  public static void emit(TaskEvent event) {
    for (Observer o : all) {
      try {
        o.onEvent(event);
      } catch (Throwable t) {
        System.getLogger("dev.brigade").log(System.Logger.Level.WARNING, "an observer failed", t);
      }
    }
  }

  /** Hands the event of a policy to every observer. */
  public static void emit(PolicyEvent event) {
    for (Observer o : all) {
      try {
        o.onPolicy(event);
      } catch (Throwable t) {
        System.getLogger("dev.brigade").log(System.Logger.Level.WARNING, "an observer failed", t);
      }
    }
  }
}
