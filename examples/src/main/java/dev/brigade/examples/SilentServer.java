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
  private final CountDownLatch sawTheEnd = new CountDownLatch(1);

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

  /** Opens when a connection was closed by the other side. */
  CountDownLatch sawTheEnd() {
    return sawTheEnd;
  }

  private void listen() {
    try (Socket connection = listening.accept();
        InputStream in = connection.getInputStream()) {
      while (in.read() >= 0) {}
      sawTheEnd.countDown();
    } catch (IOException e) {
      // The server was closed, or the connection was reset: to be told from an end.
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
