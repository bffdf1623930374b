package dev.brigade.process;

import dev.brigade.process.launch.SpawnFolder;
import dev.brigade.process.wire.ChannelLink;
import dev.brigade.process.wire.Greeting;
import dev.brigade.process.wire.Link;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * A Unix-domain socket in the private folder, open only until the worker has connected: for systems
 * where a child can't open its parent's pipes. Whoever comes must belong to the folder's owner and
 * know the token, which only the worker was told.
 */
final class SocketDoor {
  /** Which lane a connection is meant for: this is the control connection. */
  static final int CONTROL = -1;

  private static final int NOBODY = Integer.MIN_VALUE;
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);

  private final SpawnFolder folder;
  private final Duration atMost;

  /** Tells the worker. */
  @FunctionalInterface
  interface Teller {
    void tell(byte[] token) throws IOException;
  }

  SocketDoor(SpawnFolder folder, Duration atMost) {
    this.folder = folder;
    this.atMost = atMost;
  }

  /** The connections of all lanes, and last the control connection. */
  List<Link> admit(Process worker, int lanes, Teller teller, long until) throws IOException {
    byte[] token = new byte[Greeting.TOKEN_BYTES];
    new SecureRandom().nextBytes(token);
    @Nullable Link[] links = new Link[lanes + 1];
    boolean complete = false;
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        Selector selector = Selector.open()) {
      ServerSocketChannel unused = listener.bind(UnixDomainSocketAddress.of(folder.socket()));
      teller.tell(token);
      listener.configureBlocking(false);
      SelectionKey unusedToo = listener.register(selector, SelectionKey.OP_ACCEPT);
      for (int missing = links.length; missing > 0; ) {
        SocketChannel channel = next(listener, selector, worker, until);
        if (channel == null) continue;
        int lane = owns(folder.path(), channel) ? lane(channel, token) : NOBODY;
        int place = lane == CONTROL ? lanes : lane;
        if (place < 0 || place > lanes || links[place] != null) {
          channel.close();
          continue;
        }
        links[place] = new ChannelLink(channel, WorkerStart.MAX_FRAME_BYTES);
        missing--;
      }
      complete = true;
      return List.of(links);
    } finally {
      if (!complete) for (Link l : links) if (l != null) l.close();
    }
  }

  private @Nullable SocketChannel next(
      ServerSocketChannel listener, Selector selector, Process worker, long until)
      throws IOException {
    long left = until - System.nanoTime();
    if (left <= 0)
      throw new IOException("the worker was not connected within " + atMost.toMillis() + " ms");
    if (!worker.isAlive()) throw new IOException("the worker's JVM ended before it was connected");
    int ready = selector.select(Math.clamp(TimeUnit.NANOSECONDS.toMillis(left), 1, 20));
    if (ready == 0) return null;
    selector.selectedKeys().clear();
    return listener.accept();
  }

  /** Whether the other end belongs to the user that owns the folder; true where one can't know. */
  static boolean owns(Path folder, SocketChannel channel) throws IOException {
    if (!channel.supportedOptions().contains(ExtendedSocketOptions.SO_PEERCRED)) return true;
    String peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
    return Files.getOwner(folder).getName().equals(peer);
  }

  /** Which lane a connection says it is for, or a number that none has if it may not be here. */
  private static int lane(SocketChannel channel, byte[] token) throws IOException {
    channel.configureBlocking(false);
    var hello = ByteBuffer.allocate(Greeting.TOKEN_BYTES + 4);
    try (Selector selector = Selector.open()) {
      SelectionKey unused = channel.register(selector, SelectionKey.OP_READ);
      long until = System.nanoTime() + PATIENCE;
      while (hello.hasRemaining()) {
        if (channel.read(hello) < 0) return NOBODY;
        if (!hello.hasRemaining()) break;
        long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
        if (left <= 0) return NOBODY;
        int unusedCount = selector.select(left);
        selector.selectedKeys().clear();
      }
    }
    byte[] said = new byte[Greeting.TOKEN_BYTES];
    hello.flip().get(said);
    return MessageDigest.isEqual(said, token) ? hello.getInt() : NOBODY;
  }

  /** The worker's side. */
  static Link enter(Path folder, byte[] token, int lane) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    boolean unused = channel.connect(UnixDomainSocketAddress.of(folder.resolve("s")));
    var hello = ByteBuffer.allocate(token.length + 4).put(token).putInt(lane).flip();
    while (hello.hasRemaining()) {
      int unusedCount = channel.write(hello);
    }
    return new ChannelLink(channel, WorkerStart.MAX_FRAME_BYTES);
  }
}
