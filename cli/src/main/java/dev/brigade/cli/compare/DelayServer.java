package dev.brigade.cli.compare;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.brigade.engine.Engine;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * An HTTP server on the loopback interface that answers {@code GET /25} after 25 ms, any number of
 * requests at once; and the client for it.
 */
final class DelayServer implements AutoCloseable {
  private static final byte[] BODY = "served\n".repeat(64).getBytes(StandardCharsets.US_ASCII);
  private static final int BACKLOG = 1024;

  private final HttpServer server;
  private final Engine engine = Engine.openVirtual();

  private DelayServer(HttpServer server) {
    this.server = server;
  }

  static DelayServer open() throws IOException {
    // Read once by the server's class: without it an answer may wait 40 ms for an acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var opened = new DelayServer(HttpServer.create(address, BACKLOG));
    opened.server.createContext("/", DelayServer::answer);
    opened.server.setExecutor(opened.engine);
    opened.server.start();
    return opened;
  }

  int port() {
    return server.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Thread.sleep(Integer.parseInt(exchange.getRequestURI().getPath().substring(1)));
      exchange.sendResponseHeaders(200, BODY.length);
      exchange.getResponseBody().write(BODY);
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  /** A request and its whole answer, blocking, on a connection of its own. */
  static void get(int port, int delayMillis) throws IOException {
    String request =
        "GET /" + delayMillis + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readAllBytes();
      String text = new String(answer, StandardCharsets.US_ASCII);
      if (!text.startsWith("HTTP/1.1 200 ") || !text.endsWith("served\n"))
        throw new IOException(
            "the embedded server answered: " + text.lines().findFirst().orElse(""));
    }
  }

  @Override
  public void close() {
    server.stop(0);
    var unused = engine.shutdownNow();
    engine.close();
  }
}
