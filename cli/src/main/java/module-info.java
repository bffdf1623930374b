/** The {@code brigade} program. */
module dev.brigade.cli {
  requires dev.brigade.core;
  requires dev.brigade.examples;
  requires dev.brigade.process;
  requires info.picocli;
  requires java.management;
  requires java.net.http;
  requires jdk.httpserver;
  requires static org.jspecify;

  opens dev.brigade.cli to
      info.picocli;
}
