package dev.brigade.engine;

import dev.brigade.annotation.CheckReturnValue;

/**
 * A thread of a bounded engine, known to the library's waits: they tell it before and after they
 * block, so that the engine can let a spare thread run meanwhile.
 */
public interface EngineThread {
  /** The engine that this thread works for. */
  @CheckReturnValue
  Engine engine();

  /** The thread is about to wait in the library. */
  void beforeBlocking();

  /** That wait is over. Called once for each {@link #beforeBlocking}. */
  void afterBlocking();
}
