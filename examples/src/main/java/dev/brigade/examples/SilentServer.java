package dev.brigade.examples;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.CountDownLatch;

/** A web server that takes requests, never answers, and sees when the other side hangs up. */
final class SilentServer implements AutoCloseable {
  private final ServerSocket listening;
  private final CountDownLatch requested = new CountDownLatch(1);
  private final CountDownLatch hungUp = new CountDownLatch(1);

  private SilentServer() throws IOException {
    listening = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("silent server").start(this::listen);
  }

  static SilentServer open() throws IOException {
    return new SilentServer();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + listening.getLocalPort() + "/slow");
  }

  /** Whether a request has come. */
  boolean wasAsked() {
    return requested.getCount() == 0;
  }

  /** Opens when the other side of a request has closed the connection. */
  CountDownLatch hungUp() {
    return hungUp;
  }

  private void listen() {
    try {
      while (true) {
        Socket connection = listening.accept();
        Thread.ofVirtual().name("silent connection").start(() -> readToTheEnd(connection));
      }
    } catch (IOException e) {
      // The server was closed.
    }
  }

  private void readToTheEnd(Socket connection) {
    try (connection;
        InputStream in = connection.getInputStream()) {
      while (in.read() >= 0) requested.countDown();
    } catch (IOException e) {
      // A reset is an end as well.
    }
    if (wasAsked()) hungUp.countDown();
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
