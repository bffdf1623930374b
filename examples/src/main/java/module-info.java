/** One runnable main for each recipe. */
module dev.brigade.examples {
  requires dev.brigade.core;
  requires static org.jspecify;

  exports dev.brigade.examples;
}
