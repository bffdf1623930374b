package dev.brigade.process;

import java.util.Objects;

/** Pools whose workers start fast and take little. */
final class SmallPools {
  private SmallPools() {}

  /** As told, with a JVM that does not warm up. */
  static ProcessOptions of(int workers) {
    return ProcessOptions.of(workers).withWorker(worker());
  }

  /** One of what the pool tells of itself. */
  static long figure(ProcessPool pool, String name) {
    return ((Number) Objects.requireNonNull(pool.reading().figures().get(name))).longValue();
  }

  static WorkerOptions worker() {
    return WorkerOptions.of()
        .withJvmOptions("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m", "-Xshare:auto");
  }
}
