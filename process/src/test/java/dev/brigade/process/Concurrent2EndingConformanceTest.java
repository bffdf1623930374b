package dev.brigade.process;

/** Two tasks at once in one worker. */
class Concurrent2EndingConformanceTest extends EndingConformance {
  Concurrent2EndingConformanceTest() {
    super(SmallPools.of(1).withConcurrency(2));
  }
}
