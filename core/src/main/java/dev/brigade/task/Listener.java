package dev.brigade.task;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One in the chain of those who wait for the end of a task, newest first. One that is not wanted
 * any longer is marked; whoever adds one cleans up, alone, each time the chain has doubled.
 */
abstract sealed class Listener {
  @Nullable Listener next;
  int depth = 1;
  volatile boolean gone;

  /** A thread that joins the task. */
  static final class Joiner extends Listener {
    final Waiter waiter;

    Joiner(Waiter waiter) {
      this.waiter = waiter;
    }
  }

  /**
   * The library's own interest, which does not count as somebody's having looked at the outcome.
   */
  static final class Watch extends Listener {
    final Consumer<? super Outcome<?>> action;

    Watch(Consumer<? super Outcome<?>> action) {
      this.action = action;
    }
  }

  /** A user's done-callback. */
  static final class Callback<T> extends Listener {
    final Consumer<? super Outcome<T>> action;

    Callback(Consumer<? super Outcome<T>> action) {
      this.action = action;
    }
  }

  /** Not a listener, but it must live as long: the task's token, which most tasks do without. */
  static final class Token extends Listener {
    final CancelSource source;

    Token(CancelSource source) {
      this.source = source;
    }
  }
}
