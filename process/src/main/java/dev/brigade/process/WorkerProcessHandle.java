package dev.brigade.process;

import dev.brigade.process.launch.ErrorOutput;
import dev.brigade.process.launch.Killing;
import dev.brigade.process.launch.Obituary;
import dev.brigade.process.launch.ProcessFacts;
import dev.brigade.process.launch.Sink;
import java.util.concurrent.TimeUnit;

/** The process of a worker, its output, and what it leaves behind. */
final class WorkerProcessHandle {
  private static final long EXIT_SECONDS = 10;
  private static final long LAST_WORDS_MILLIS = 200;

  private final Process process;
  private final long pid;
  private final ErrorOutput errors;
  private final ErrorOutput output;

  WorkerProcessHandle(Process process, WorkerOptions.Output where) {
    this.process = process;
    pid = process.pid();
    errors = ErrorOutput.ofError(process, sink(where, true));
    output = ErrorOutput.ofOutput(process, sink(where, false));
  }

  private Sink sink(WorkerOptions.Output where, boolean error) {
    return switch (where) {
      case WorkerOptions.Output.Inherit i -> error ? Sink.standardError() : Sink.standardOutput();
      case WorkerOptions.Output.Discard d -> Sink.none();
      case WorkerOptions.Output.Capture c -> Sink.lines(line -> c.lines().line(pid, error, line));
    };
  }

  Process process() {
    return process;
  }

  boolean awaitExit() {
    try {
      return process.waitFor(EXIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  long pid() {
    return pid;
  }

  /** 0 if that can't be told. */
  long residentBytes() {
    return Math.max(0, ProcessFacts.residentBytes(pid));
  }

  void kill() {
    var unused = Killing.kill(process);
  }

  /** Waits for the exit, which must be under way, and says what it was. */
  WorkerDiedException obituary(WorkerEnd why) {
    int code = -1;
    boolean interrupted = false;
    try {
      if (process.waitFor(EXIT_SECONDS, TimeUnit.SECONDS)) code = process.exitValue();
      boolean unused = errors.finish(LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS);
      boolean unusedToo = output.finish(LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) Thread.currentThread().interrupt();
    String tail = errors.tail();
    Obituary said = Obituary.of(pid, code, tail, why.detail());
    return new WorkerDiedException(said.text(), cause(why, said, code), pid, code, tail);
  }

  private static WorkerDiedException.Cause cause(WorkerEnd why, Obituary said, int code) {
    return switch (said.verdict()) {
      case KILLED -> why.cause() != null ? why.cause() : WorkerDiedException.Cause.KILLED;
      case EXIT, NOT_STARTED ->
          code < 0 ? WorkerDiedException.Cause.UNKNOWN : WorkerDiedException.Cause.EXIT;
      case SIGNAL -> WorkerDiedException.Cause.SIGNAL;
      case CRASH -> WorkerDiedException.Cause.CRASH;
      case OUT_OF_MEMORY -> WorkerDiedException.Cause.OUT_OF_MEMORY;
    };
  }
}
