package dev.brigade.task;

import org.jspecify.annotations.Nullable;

/**
 * The beginning and the end of a task, kept out of the frame that calls its work. That frame stays
 * on the heap while the task is parked; if they were inlined into it, every parked task would pay
 * for room that only they need. Three classes that do the same, taken in turn, are what the
 * compiler does not inline through.
 */
abstract class Edge {
  private static final Edge[] EDGES = {new First(), new Second(), new Third()};

  static Edge ofCurrentThread() {
    return EDGES[(int) (Thread.currentThread().threadId() % EDGES.length)];
  }

  abstract boolean begin(TaskNode<?> task);

  abstract void finish(TaskNode<?> task, @Nullable Object value, @Nullable Throwable thrown);

  private static final class First extends Edge {
    @Override
    boolean begin(TaskNode<?> task) {
      return task.begin();
    }

    @Override
    void finish(TaskNode<?> task, @Nullable Object value, @Nullable Throwable thrown) {
      task.finish(value, thrown);
    }
  }

  private static final class Second extends Edge {
    @Override
    boolean begin(TaskNode<?> task) {
      return task.begin();
    }

    @Override
    void finish(TaskNode<?> task, @Nullable Object value, @Nullable Throwable thrown) {
      task.finish(value, thrown);
    }
  }

  private static final class Third extends Edge {
    @Override
    boolean begin(TaskNode<?> task) {
      return task.begin();
    }

    @Override
    void finish(TaskNode<?> task, @Nullable Object value, @Nullable Throwable thrown) {
      task.finish(value, thrown);
    }
  }
}
