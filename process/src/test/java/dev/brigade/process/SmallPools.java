package dev.brigade.process;

/** Pools whose workers start fast and take little. */
final class SmallPools {
  private SmallPools() {}

  /** As told, with a JVM that does not warm up. */
  static ProcessOptions of(int workers) {
    return ProcessOptions.of(workers).withWorker(worker());
  }

  static WorkerOptions worker() {
    return WorkerOptions.of()
        .withJvmOptions("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m", "-Xshare:auto");
  }
}
