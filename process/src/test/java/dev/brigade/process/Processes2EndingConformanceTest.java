package dev.brigade.process;

/** Two workers. */
class Processes2EndingConformanceTest extends EndingConformance {
  Processes2EndingConformanceTest() {
    super(SmallPools.of(2));
  }
}
