package dev.brigade.process;

import dev.brigade.process.wire.Functions;
import org.jspecify.annotations.Nullable;

/**
 * What is sent of a task.
 *
 * @param function what to run
 * @param body what follows it in the frame
 * @param lease the shared memory that it tells of, to be closed when the task has ended; mostly
 *     null
 */
record Parcel(Functions.Reference function, byte[] body, @Nullable Lease lease) {
  long bytes() {
    return function.bytes().length + (long) body.length;
  }

  /** It is taken: what leaves with it is gone for the submitter. */
  void sent() {
    if (lease != null) lease.sent();
  }

  /** It is over, or was refused. */
  void close() {
    if (lease != null) lease.close();
  }
}
