/** One runnable main for each recipe. */
module dev.brigade.examples {
  requires dev.brigade.core;
  requires dev.brigade.process;
  requires java.management;
  requires java.net.http;
  requires jdk.httpserver;
  requires static org.jspecify;

  exports dev.brigade.examples;
}
