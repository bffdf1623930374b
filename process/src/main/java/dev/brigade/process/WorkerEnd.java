package dev.brigade.process;

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
}
