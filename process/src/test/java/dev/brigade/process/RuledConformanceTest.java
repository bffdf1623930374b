package dev.brigade.process;

import java.time.Duration;

/** Every rule there is. */
class RuledConformanceTest extends GoingOnConformance {
  RuledConformanceTest() {
    super(
        SmallPools.of(2),
        TaskRules.plain()
            .withPriority(3)
            .withTimeout(Duration.ofMinutes(10))
            .withCrashRetries(1)
            .withProgress(p -> {}));
  }
}
