package dev.brigade.process;

import dev.brigade.process.wire.GarbageException;
import java.io.EOFException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Why a worker is given up.
 *
 * @param cause what the pool knows, or null if only its exit can tell
 * @param detail for people, possibly null
 */
record WorkerEnd(WorkerDiedException.@Nullable Cause cause, @Nullable String detail) {
  /** Its connection ended. */
  static final WorkerEnd LOST = new WorkerEnd(null, null);

  /** It has done its part. */
  static final WorkerEnd RETIRED = new WorkerEnd(null, "retired");

  /** What ended the reading of one of its connections. */
  static WorkerEnd of(Throwable t) {
    boolean message = t instanceof GarbageException || t instanceof EOFException;
    // The connection itself: the exit will tell.
    if (t instanceof IOException && !message) return LOST;
    return new WorkerEnd(
        WorkerDiedException.Cause.GARBAGE,
        message ? t.getMessage() : "its answer could not be taken: " + t);
  }
}
