package dev.brigade.process;

import dev.brigade.process.launch.LaunchSpec;
import dev.brigade.process.launch.Launcher;
import dev.brigade.process.memory.StatusPage;
import dev.brigade.process.wire.Codec;
import dev.brigade.process.wire.Kind;
import dev.brigade.process.wire.Link;
import dev.brigade.process.wire.Output;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Starts one worker: a private folder with a listening socket and the status page, the JVM, its
 * greeting, its connections, and the initialiser. When all is connected, the folder is gone.
 */
final class WorkerStart {
  /** A longer message is refused by both sides. */
  static final int MAX_FRAME_BYTES = 1 << 30;

  static final int TOKEN_BYTES = 32;

  /** Which lane a connection is meant for: this is the control connection. */
  static final int CONTROL = -1;

  private final WorkerOptions options;
  private final int lanes;
  private final String mainClass;
  private final byte[] first;
  private @Nullable Path folder;

  /** All that is open to a worker that has not been told its initialiser yet. */
  record Opened(StatusPage page, Link control, List<Link> lanes) {}

  WorkerStart(WorkerOptions options, int lanes, String mainClass) {
    this(options, lanes, mainClass, new byte[0]);
  }

  /**
   * @param first frames that the worker gets before it is told its initialiser
   */
  WorkerStart(WorkerOptions options, int lanes, String mainClass, byte[] first) {
    this.first = first;
    this.options = options;
    this.lanes = lanes;
    this.mainClass = mainClass;
  }

  /**
   * Does it all, within the time that the options give.
   *
   * @param begun is told of the process as soon as there is one
   */
  Opened open(Consumer<WorkerProcessHandle> begun) throws IOException {
    long until = System.nanoTime() + options.times().start().toNanos();
    Path home =
        Files.createTempDirectory(
            "brigade-",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    folder = home;
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(home.resolve("s")));
      StatusPage page = StatusPage.create(home.resolve("status"), lanes);
      byte[] token = new byte[TOKEN_BYTES];
      new SecureRandom().nextBytes(token);
      Process process =
          Launcher.start(
              new LaunchSpec(
                  jvmOptions(), options.jvm().environment(), options.jvm().directory(), mainClass),
              home);
      var handle = new WorkerProcessHandle(process);
      begun.accept(handle);
      greet(process.getOutputStream(), token, home);
      Link[] links = accept(listener, home, process, token, until);
      Link control = links[lanes];
      initialise(control);
      List<Link> forLanes = new ArrayList<>(List.of(links));
      Link unused = forLanes.removeLast();
      return new Opened(page, control, forLanes);
    } finally {
      close();
    }
  }

  private List<String> jvmOptions() {
    List<String> all = new ArrayList<>();
    WorkerOptions.Caps caps = options.caps();
    if (caps.heapBytes() > 0) all.add("-Xmx" + caps.heapBytes());
    if (caps.directBytes() > 0) all.add("-XX:MaxDirectMemorySize=" + caps.directBytes());
    if (caps.metaspaceBytes() > 0) all.add("-XX:MaxMetaspaceSize=" + caps.metaspaceBytes());
    all.addAll(options.jvm().options());
    return all;
  }

  /** What no other process may see goes through the pipe that only the two have. */
  private void greet(OutputStream to, byte[] token, Path home) throws IOException {
    var out = new Output();
    out.putBytes(token);
    out.putText(home.toString());
    out.putVarLong(lanes);
    out.putLong(ProcessHandle.current().pid());
    out.putText(Objects.requireNonNullElse(options.jvm().filter(), ""));
    var head = new Output();
    head.putInt(out.size());
    to.write(head.toByteArray());
    to.write(out.toByteArray());
    to.flush();
  }

  private Link[] accept(
      ServerSocketChannel listener, Path home, Process process, byte[] token, long until)
      throws IOException {
    Link[] links = new Link[lanes + 1];
    boolean complete = false;
    try (Selector selector = Selector.open()) {
      listener.configureBlocking(false);
      SelectionKey unused = listener.register(selector, SelectionKey.OP_ACCEPT);
      for (int missing = links.length; missing > 0; ) {
        long left = until - System.nanoTime();
        if (left <= 0)
          throw new IOException(
              "the worker was not connected within " + options.times().start().toSeconds() + " s");
        if (!process.isAlive())
          throw new IOException("the worker's JVM ended before it was connected");
        int ready = selector.select(Math.clamp(TimeUnit.NANOSECONDS.toMillis(left), 1, 50));
        if (ready == 0) continue;
        selector.selectedKeys().clear();
        SocketChannel channel = listener.accept();
        if (channel == null) continue;
        int lane = Peer.owns(home, channel) ? lane(channel, token) : Integer.MIN_VALUE;
        int place = lane == CONTROL ? lanes : lane;
        if (place < 0 || place > lanes || links[place] != null) {
          channel.close();
          continue;
        }
        links[place] = new Link(channel, MAX_FRAME_BYTES);
        missing--;
      }
      complete = true;
      return links;
    } finally {
      if (!complete) for (Link l : links) if (l != null) l.close();
    }
  }

  /** Which lane a connection says it is for, or a number that none has if it may not be here. */
  private static int lane(SocketChannel channel, byte[] token) throws IOException {
    channel.configureBlocking(false);
    var hello = ByteBuffer.allocate(TOKEN_BYTES + 4);
    try (Selector selector = Selector.open()) {
      SelectionKey unused = channel.register(selector, SelectionKey.OP_READ);
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
      while (hello.hasRemaining()) {
        if (channel.read(hello) < 0) return Integer.MIN_VALUE;
        if (!hello.hasRemaining()) break;
        long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
        if (left <= 0) return Integer.MIN_VALUE;
        int unusedCount = selector.select(left);
        selector.selectedKeys().clear();
      }
    }
    byte[] said = new byte[TOKEN_BYTES];
    hello.flip().get(said);
    return MessageDigest.isEqual(said, token) ? hello.getInt() : Integer.MIN_VALUE;
  }

  private void initialise(Link control) throws IOException {
    var codec = new Codec(LiveWorker.class.getClassLoader(), null);
    var out = new Output();
    out.putBytes(first);
    int frame = Link.begin(out, Kind.INITIALISE);
    codec.write(options.initialiser(), out);
    codec.write(options.teardown(), out);
    Link.end(out, frame);
    control.send(out);
    control.drain();
  }

  /** Removes what is left of the folder; harmless when repeated. */
  void close() {
    Path home = folder;
    if (home == null) return;
    try (var files = Files.newDirectoryStream(home)) {
      for (Path f : files) Files.deleteIfExists(f);
      Files.deleteIfExists(home);
    } catch (IOException e) {
      // Somebody else has removed it, or will: the next start sweeps.
      return;
    }
  }
}
