package dev.brigade.engine;

import dev.brigade.annotation.CheckReturnValue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;

/**
 * A place where tasks run: an {@link ExecutorService} that also says what it is good for and can
 * run the tasks of a scope.
 *
 * <p>Use {@link #virtual()} for work that waits and {@link #cores()} for work that computes; open
 * an engine of your own only to bound or to separate. An engine opened by {@code open…} belongs to
 * whoever opened it and must be closed; closing waits for what was submitted.
 *
 * {@snippet :
 * List<Thumb> thumbs = Tasks.on(Engine.cores()).map(photos, Thumb::of);
 * try (Engine legacy = Engine.openThreads(8)) {
 *   Tasks.on(legacy).forEach(orders, this::book);
 * }
 * }
 *
 * <p>Memory effects are those of {@link java.util.concurrent.Executor}: what happens before a
 * submission happens before the task, and the task before its result is seen.
 */
public interface Engine extends ExecutorService {

  /** What this engine is, and what may be relied on. */
  @CheckReturnValue
  Traits traits();

  /**
   * Takes over one task of a scope. Called by the library; the engine runs the job or reports on it
   * as {@link Job} says, and never on the calling thread.
   *
   * @throws RejectedExecutionException if the engine is shut down or full; the job is then not
   *     touched
   */
  void launch(Job job);

  /**
   * One virtual thread for each task, without a bound: for work that waits. Shared; shutting it
   * down or closing it does nothing, as with the common pool. A fan-out runs up to 1,024 items at
   * once unless told otherwise.
   */
  @CheckReturnValue
  static Engine virtual() {
    return VirtualEngine.SHARED;
  }

  /**
   * As many platform threads as there are cores: for work that computes. Shared; shutting it down
   * or closing it does nothing. While one of its threads waits in this library, or for a future of
   * this engine, a spare thread takes its place, up to 256 of them; waits for futures, or joins of
   * sibling tasks, nested deeper than that can dead-lock; the ends of scopes can't: a thread that
   * joins tasks directly in the scope they belong to runs those that have not begun itself. Such a
   * task sees the thread locals and scoped values of the joining code.
   */
  @CheckReturnValue
  static Engine cores() {
    return SharedCores.ENGINE;
  }

  /** Virtual threads that are the caller's own: closing waits for all of them. */
  @CheckReturnValue
  static Engine openVirtual() {
    return new VirtualEngine();
  }

  /**
   * A cores engine of the caller's own.
   *
   * @param threads how many tasks run at once, at least 1
   */
  @CheckReturnValue
  static Engine openCores(int threads) {
    return new PoolEngine("cores", threads, 256);
  }

  /**
   * Platform threads, at most {@code threads}, started as needed and ended when idle for 30
   * seconds: for code that cannot run on virtual threads. The bound is strict: nothing takes the
   * place of a thread that waits. So don't let a task wait for another one of the same engine, with
   * one exception: a thread that joins tasks directly in the scope they belong to runs those that
   * have not begun itself, up to 128 scopes deep.
   *
   * @param threads how many tasks run at once, at least 1
   */
  @CheckReturnValue
  static Engine openThreads(int threads) {
    return new PoolEngine("threads", threads, 0);
  }
}
