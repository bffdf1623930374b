package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A socket read on a virtual thread answers an interrupt with a SocketException. */
@HangGuard
class InterruptedSocketTest {
  @Test
  void itsDeadlineIsADeadlineAndItsCancellationACancellation() throws Exception {
    try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Tasks.runSupervised(s -> {
        var timed =
            s.fork(() -> {
              try (var socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
                return Tasks.within(Duration.ofMillis(20), () -> socket.getInputStream().read());
              }
            });
        Throwable late = timed.outcome().failureOrNull();
        assertInstanceOf(DeadlineException.class, late);
        assertInstanceOf(SocketException.class, late.getSuppressed()[0]);

        var connected = new CountDownLatch(1);
        var cancelled =
            s.fork(() -> {
              try (var socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
                connected.countDown();
                return socket.getInputStream().read();
              }
            });
        connected.await();
        assertTrue(cancelled.cancel("not wanted"));
        var why = assertInstanceOf(Outcome.Cancelled.class, cancelled.outcome()).why();
        assertEquals("not wanted", why.reason().message());
        assertInstanceOf(SocketException.class, why.getSuppressed()[0]);
      });
    }
  }
}
