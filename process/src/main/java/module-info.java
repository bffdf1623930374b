/**
 * Worker processes: the same work in JVMs of their own, which may crash, be killed and be capped
 * without harm to this one.
 */
module dev.brigade.process {
  requires transitive dev.brigade.core;
  requires static java.management;
  requires jdk.net;
  requires static org.jspecify;

  exports dev.brigade.process;
}
