/**
 * Brigade's core: structured tasks, the engines that run them, the limits they run under, and what
 * can be seen of them. Depends on {@code java.base} alone; where {@code jdk.management} is there as
 * well, the watchdog asks it about carrier threads.
 */
module dev.brigade.core {
  requires static jdk.management;
  requires static org.jspecify;

  exports dev.brigade.annotation;
  exports dev.brigade.auto;
  exports dev.brigade.engine;
  exports dev.brigade.observe;
  exports dev.brigade.policy;
  exports dev.brigade.report;
  exports dev.brigade.task;
  exports dev.brigade.time;
}
