package dev.brigade.process.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.testing.LeakChecked;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Frames over a real connection, whatever its ends do. */
@LeakChecked
class LinkTest {
  private static final int MAX = 64 << 20;

  // A path of its own: those of test folders may be too long for a socket.
  private Path folder;
  private SocketChannel left;
  private SocketChannel right;

  @BeforeEach
  void connect() throws IOException {
    folder = Files.createTempDirectory(Path.of("/tmp"), "link");
    var address = UnixDomainSocketAddress.of(folder.resolve("s"));
    try (var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(address);
      left = SocketChannel.open(address);
      right = listener.accept();
    }
  }

  @AfterEach
  void disconnect() throws IOException {
    left.close();
    right.close();
    Files.deleteIfExists(folder.resolve("s"));
    Files.deleteIfExists(folder);
  }

  private static Output frame(int kind, byte[] body) {
    var out = new Output();
    int at = Link.begin(out, kind);
    out.putBytes(body);
    Link.end(out, at);
    return out;
  }

  private static byte[] noise(int size, long seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static Input await(Link link) throws IOException {
    while (true) {
      Input in = link.next();
      if (in != null) return in;
      assertTrue(link.read(), "the connection ended");
    }
  }

  @Test
  void framesComeWholeAndInOrderHoweverTheyAreCut() throws IOException {
    try (var link = new ChannelLink(left, MAX)) {
      var bytes = new Output();
      for (int i = 0; i < 200; i++) bytes.putBytes(frame(i % 100, noise(i * 7, i)).toByteArray());
      byte[] all = bytes.toByteArray();
      var random = new Random(5);
      int at = 0;
      for (int i = 0; i < 200; i++) {
        Input in = link.next();
        while (in == null) {
          int n = Math.min(all.length - at, 1 + random.nextInt(300));
          at += right.write(ByteBuffer.wrap(all, at, n));
          assertTrue(link.read());
          in = link.next();
        }
        assertEquals(i % 100, link.kind());
        assertArrayEquals(noise(i * 7, i), in.getBytes(in.remaining()));
      }
      assertFalse(link.hasNext());
    }
  }

  private static boolean exchange(Link link, long sent, long expected) throws IOException {
    for (int i = 0; i < 3; i++) link.send(frame(7, noise(10 << 20, sent + i)));
    for (int i = 0; i < 3; i++) {
      Input in = await(link);
      assertArrayEquals(noise(10 << 20, expected + i), in.getBytes(in.remaining()));
    }
    link.drain();
    return link.unwritten();
  }

  @Test
  void bothSidesSendMuchAtOnceAndNeitherStandsStill() throws Exception {
    try (var a = new ChannelLink(left, MAX);
        var b = new ChannelLink(right, MAX)) {
      var there = new FutureTask<>(() -> exchange(b, 100, 200));
      Thread t = Thread.ofPlatform().start(there);
      assertFalse(exchange(a, 200, 100));
      t.join();
      assertFalse(there.get());
    }
  }

  @Test
  void sendingDoesNotWaitForASideThatDoesNotRead() throws IOException {
    try (var link = new ChannelLink(left, MAX)) {
      for (int i = 0; i < 20; i++) link.send(frame(1, new byte[1 << 20]));
      assertTrue(link.unwritten());
    }
  }

  private void assertGarbage(int length) throws IOException {
    try (var link = new ChannelLink(left, 1 << 20)) {
      right.write(ByteBuffer.allocate(9).putInt(length).putInt(0).put((byte) 0).flip());
      assertThrows(
          GarbageException.class,
          () -> {
            while (link.next() == null) assertTrue(link.read());
          });
    }
  }

  @Test
  void aLengthOfNothingIsGarbage() throws IOException {
    assertGarbage(0);
  }

  @Test
  void aNegativeLengthIsGarbage() throws IOException {
    assertGarbage(Integer.MIN_VALUE);
  }

  @Test
  void aLengthBeyondTheBoundIsGarbage() throws IOException {
    assertGarbage((1 << 20) + 1);
  }

  @Test
  void anInterruptedSenderDoesNotCloseTheConnection() throws IOException {
    try (var a = new ChannelLink(left, MAX);
        var b = new ChannelLink(right, MAX)) {
      for (int i = 0; i < 50; i++) {
        Thread.currentThread().interrupt();
        a.send(frame(3, noise(1000, i)));
        assertTrue(Thread.interrupted());
        Input in = await(b);
        assertArrayEquals(noise(1000, i), in.getBytes(in.remaining()));
      }
    }
  }

  @Test
  void anInterruptedReaderReadsOnAndKeepsItsFlag() throws Exception {
    try (var a = new ChannelLink(left, MAX);
        var b = new ChannelLink(right, MAX)) {
      var reading = new CountDownLatch(1);
      var reader =
          new FutureTask<>(() -> {
            Thread.currentThread().interrupt();
            reading.countDown();
            Input in = await(b);
            return Thread.interrupted() && in.remaining() == 10;
          });
      Thread t = Thread.ofPlatform().start(reader);
      reading.await();
      t.interrupt();
      a.send(frame(3, new byte[10]));
      assertTrue(reader.get());
    }
  }

  @Test
  void closingEndsTheReader() throws Exception {
    var link = new ChannelLink(left, MAX);
    var reader = new FutureTask<>(link::read);
    Thread t = Thread.ofPlatform().start(reader);
    while (t.getState() == Thread.State.NEW) Thread.onSpinWait();
    link.close();
    assertFalse(reader.get());
    assertThrows(IOException.class, () -> link.send(frame(1, new byte[1 << 20])));
  }

  @Test
  void theOtherSidesEndIsTheEndOfReading() throws IOException {
    try (var link = new ChannelLink(left, MAX)) {
      right.write(ByteBuffer.wrap(frame(4, new byte[3]).toByteArray()));
      right.close();
      assertEquals(3, await(link).remaining());
      assertFalse(link.read());
    }
  }
}
