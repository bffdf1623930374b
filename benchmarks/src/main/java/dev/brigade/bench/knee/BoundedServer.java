package dev.brigade.bench.knee;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An HTTP server on the loopback interface whose capacity is known: so many requests are served at
 * once, each for some time, which grows with the queue; so many may queue, and further ones get
 * 503.
 */
final class BoundedServer implements AutoCloseable {
  static final int AT_ONCE = 16;
  static final int QUEUE = 64;
  private static final int MILLIS = 10;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore places = new Semaphore(AT_ONCE);
  private final AtomicInteger inside = new AtomicInteger();

  private BoundedServer(HttpServer server) {
    this.server = server;
  }

  static BoundedServer open() throws IOException {
    // Read once by the server's class: without it an answer may wait 40 ms for an acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var opened = new BoundedServer(HttpServer.create(address, 1024));
    opened.server.createContext("/", opened::answer);
    opened.server.setExecutor(opened.threads);
    opened.server.start();
    return opened;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      int now = inside.incrementAndGet();
      try {
        if (now > AT_ONCE + QUEUE) {
          exchange.sendResponseHeaders(503, -1);
          return;
        }
        places.acquire();
        try {
          // Retrograde: a long queue costs the server time as well.
          Thread.sleep(MILLIS + Math.max(0, now - 2 * AT_ONCE) / 8);
        } finally {
          places.release();
        }
        exchange.sendResponseHeaders(200, -1);
      } finally {
        inside.decrementAndGet();
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  /** A request on a connection of its own. */
  int get() throws IOException, TimeoutException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.getAddress().getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
              .getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      if (answer.startsWith("HTTP/1.1 503")) throw new TimeoutException("503");
      if (!answer.startsWith("HTTP/1.1 200")) throw new IOException("not served: " + answer);
      return 200;
    }
  }

  @Override
  public void close() {
    server.stop(0);
    var unused = threads.shutdownNow();
    threads.close();
  }
}
