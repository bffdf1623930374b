package dev.brigade.task;

import dev.brigade.observe.Observers;
import dev.brigade.observe.TaskEvent;
import dev.brigade.time.TimeSource;
import org.jspecify.annotations.Nullable;

/** Makes events of tasks for the observers, if there are any. */
final class Events {
  private Events() {}

  static void emit(
      TaskEvent.Kind kind,
      @Nullable TaskNode<?> task,
      TimeSource time,
      @Nullable String detail,
      @Nullable Throwable failure) {
    if (!Observers.present()) return;
    Observers.emit(
        new TaskEvent(
            kind,
            time.nanoTime(),
            task == null ? 0 : task.number(),
            task == null ? 0 : task.scope.number(),
            task == null ? "the caller" : task.name(),
            task == null ? "" : task.engine().traits().name(),
            threadName(Thread.currentThread()),
            kind == TaskEvent.Kind.FORKED && task != null ? task.site() : null,
            detail,
            failure));
  }

  static void emitHere(TaskEvent.Kind kind, TimeSource time, @Nullable String detail) {
    emit(kind, enclosing(Frame.current()), time, detail, null);
  }

  /** A scope, whose parent is the task or scope that opened it. */
  static void scope(TaskEvent.Kind kind, TaskScope scope) {
    TaskNode<?> task = scope.owner();
    TaskScope around = enclosingScope(scope.outer);
    long parent = task != null ? task.number() : around != null ? around.number() : 0;
    Observers.emit(
        new TaskEvent(
            kind,
            scope.time.nanoTime(),
            scope.number(),
            parent,
            scope.name(),
            scope.engine.traits().name(),
            threadName(Thread.currentThread()),
            null,
            null,
            null));
  }

  private static @Nullable TaskScope enclosingScope(@Nullable Frame from) {
    for (Frame f = from; f != null; f = f.outer) if (f instanceof TaskScope s) return s;
    return null;
  }

  /** An item of a fan-out, which has no task of its own. */
  static void itemStarted(TaskScope scope, long number, long index) {
    item(TaskEvent.Kind.STARTED, scope, number, index, null, null);
  }

  static void itemEnded(
      TaskScope scope, long number, long index, @Nullable Throwable failure, boolean cancelled) {
    String detail = failure == null ? "success" : cancelled ? "cancelled" : "failed";
    item(TaskEvent.Kind.ENDED, scope, number, index, detail, cancelled ? null : failure);
  }

  private static void item(
      TaskEvent.Kind kind,
      TaskScope scope,
      long number,
      long index,
      @Nullable String detail,
      @Nullable Throwable failure) {
    Observers.emit(
        new TaskEvent(
            kind,
            scope.time.nanoTime(),
            number,
            scope.number(),
            "item " + index,
            scope.engine.traits().name(),
            threadName(Thread.currentThread()),
            null,
            detail,
            failure));
  }

  /** The task whose code runs above this frame, if one does. */
  static @Nullable TaskNode<?> enclosing(@Nullable Frame from) {
    for (Frame f = from; f != null; f = f.outer) if (f instanceof TaskNode<?> n) return n;
    return null;
  }

  static String threadName(Thread t) {
    return t.getName().isEmpty() ? "#" + t.threadId() : t.getName();
  }

  /** Of ours and the JDK's objects; anybody else's toString may throw, lock, or never end. */
  static String text(Object o) {
    String type = o.getClass().getName();
    if (type.startsWith("dev.brigade.") || type.startsWith("java.")) {
      try {
        return String.valueOf(o);
      } catch (RuntimeException e) {
        return type;
      }
    }
    return type + "@" + Integer.toHexString(System.identityHashCode(o));
  }
}
