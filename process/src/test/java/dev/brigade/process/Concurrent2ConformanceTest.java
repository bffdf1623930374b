package dev.brigade.process;

/** Two tasks at once in one worker. */
class Concurrent2ConformanceTest extends GoingOnConformance {
  Concurrent2ConformanceTest() {
    super(SmallPools.of(1).withConcurrency(2), TaskRules.plain());
  }
}
