/** Test support for programs that use Brigade. */
module dev.brigade.testing {
  requires transitive dev.brigade.core;
  requires transitive org.junit.jupiter.api;
  requires static org.jspecify;

  exports dev.brigade.testing;
  exports dev.brigade.testing.conformance;
}
