/** Test support for programs that use Brigade. */
module dev.brigade.testing {
  requires transitive dev.brigade.core;
  requires transitive org.junit.jupiter.api;
  requires org.junit.platform.commons;
  requires java.management;
  requires jdk.jfr;
  requires jdk.management;
  requires static org.jspecify;

  exports dev.brigade.testing;
  exports dev.brigade.testing.conformance;
  exports dev.brigade.testing.simulation;

  opens dev.brigade.testing to
      org.junit.platform.commons;
}
