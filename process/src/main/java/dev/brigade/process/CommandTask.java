package dev.brigade.process;

import dev.brigade.process.wire.Codec;
import dev.brigade.process.wire.Functions;
import dev.brigade.process.wire.Input;

/** A command that nobody waits for: its failure goes where those of threads go. */
final class CommandTask extends PoolTask {
  private final Runnable command;

  CommandTask(TaskRules rules, int kind, Functions.Reference function, Runnable command) {
    super(rules, kind, function, NOTHING);
    this.command = command;
  }

  @Override
  boolean begin() {
    return true;
  }

  @Override
  void returned(Codec codec, Input in) {}

  @Override
  void failed(Throwable failure) {
    Thread t = Thread.currentThread();
    t.getUncaughtExceptionHandler().uncaughtException(t, failure);
  }

  @Override
  Runnable asRunnable() {
    return command;
  }
}
