package dev.brigade.process;

/** Two workers. */
class Processes2ConformanceTest extends GoingOnConformance {
  Processes2ConformanceTest() {
    super(SmallPools.of(2), TaskRules.plain());
  }
}
