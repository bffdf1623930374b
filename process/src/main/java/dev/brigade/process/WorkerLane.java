package dev.brigade.process;

import org.jspecify.annotations.Nullable;

/** The worker's side of one lane. */
final class WorkerLane {
  private WorkerLane() {}

  static @Nullable WorkerLane current() {
    return null;
  }

  void progress(double fraction, String note) {}
}
