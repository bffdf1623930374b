package dev.brigade.process;

import org.jspecify.annotations.Nullable;

/** A command that nobody waits for: its failure goes where those of threads go. */
final class CommandTask extends PoolTask {
  private final Runnable command;

  CommandTask(TaskRules rules, int kind, Parcel parcel, Runnable command) {
    super(rules, kind, parcel);
    this.command = command;
  }

  @Override
  boolean begin() {
    return true;
  }

  @Override
  boolean returned(@Nullable Object value) {
    return false;
  }

  @Override
  void failed(Throwable failure) {
    Thread t = Thread.currentThread();
    try {
      t.getUncaughtExceptionHandler().uncaughtException(t, failure);
    } catch (Throwable e) {
      // As threads do: what the handler throws is nobody's business.
      return;
    }
  }

  @Override
  void dropped() {}

  @Override
  Runnable asRunnable() {
    return command;
  }
}
