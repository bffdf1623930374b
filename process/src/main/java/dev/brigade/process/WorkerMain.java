package dev.brigade.process;

import dev.brigade.process.memory.StatusPage;
import dev.brigade.process.wire.Codec;
import dev.brigade.process.wire.Input;
import dev.brigade.process.wire.Kind;
import dev.brigade.process.wire.Link;
import dev.brigade.process.wire.Output;
import dev.brigade.task.VoidFn;
import dev.brigade.task.Work;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The main program of a worker: it connects to its parent, runs the initialiser, then waits on the
 * control connection while its lanes run tasks. It ends when it is told to, and at once when the
 * parent is gone.
 */
final class WorkerMain {
  private final Link control;
  private final Codec codec;
  private final WorkerLane[] lanes;
  private final Flusher flusher = new Flusher();
  private final Supplier<Codec> codecs;
  private final long parent;
  private volatile @Nullable WorkerPort port;
  private @Nullable VoidFn<Object, ?> teardown;
  private @Nullable Object state;
  private boolean retiring;

  private WorkerMain(Link control, Supplier<Codec> codecs, WorkerLane[] lanes, long parent) {
    this.control = control;
    this.codecs = codecs;
    this.codec = codecs.get();
    this.lanes = lanes;
    this.parent = parent;
  }

  public static void main(String[] args) throws Exception {
    Worker.enter();
    InputStream in = System.in;
    var greeting = new DataInputStream(in);
    byte[] bytes = new byte[greeting.readInt()];
    greeting.readFully(bytes);
    var said = new Input(bytes);
    byte[] token = said.getBytes(WorkerStart.TOKEN_BYTES);
    Path folder = Path.of(said.getText());
    int count = (int) said.getVarLong();
    long parent = said.getLong();
    String filter = said.getText();
    watch(in);

    StatusPage page = StatusPage.open(folder.resolve("status"), count);
    var address = UnixDomainSocketAddress.of(folder.resolve("s"));
    Link control = connect(address, token, WorkerStart.CONTROL);
    WorkerLane[] lanes = new WorkerLane[count];
    var main = new WorkerMain(control, () -> newCodec(filter), lanes, parent);
    for (int i = 0; i < count; i++) {
      lanes[i] =
          new WorkerLane(
              i,
              connect(address, token, i),
              page.slot(i),
              newCodec(filter),
              control,
              main.flusher,
              parent);
    }
    main.serve();
  }

  private static Codec newCodec(String filter) {
    return new Codec(
        ClassLoader.getSystemClassLoader(),
        filter.isEmpty() ? null : java.io.ObjectInputFilter.Config.createFilter(filter));
  }

  private static Link connect(UnixDomainSocketAddress address, byte[] token, int lane)
      throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    boolean unused = channel.connect(address);
    var hello = ByteBuffer.allocate(token.length + 4).put(token).putInt(lane).flip();
    while (hello.hasRemaining()) {
      int unusedCount = channel.write(hello);
    }
    return new Link(channel, WorkerStart.MAX_FRAME_BYTES);
  }

  /** The end of the standard input is the end of the parent. */
  private static void watch(InputStream in) {
    System.setIn(InputStream.nullInputStream());
    Thread unused =
        Thread.ofPlatform()
            .name("brigade-parent-watch")
            .daemon()
            .start(() -> {
              try {
                while (in.read() >= 0) {}
              } catch (IOException e) {
                // The same.
              }
              Runtime.getRuntime().halt(1);
            });
  }

  private void serve() throws IOException {
    Runtime.getRuntime().addShutdownHook(new Thread(this::exiting, "brigade-exit"));
    while (control.read()) {
      for (Input in = control.next(); in != null; in = control.next()) handle(in);
    }
    // The parent has closed the connection: it has given this worker up.
    Runtime.getRuntime().halt(1);
  }

  private void handle(Input in) throws IOException {
    switch (control.kind()) {
      case Kind.INITIALISE -> initialise(in);
      case Kind.PING -> tell(Kind.PONG, out -> {});
      case Kind.CANCEL -> cancel((int) in.getVarLong(), in.getVarLong());
      case Kind.SERVE -> port = new WorkerPort(in, control, codecs, parent);
      case Kind.RELEASE -> lanes[(int) in.getVarLong()].release(in.getVarLong());
      case Kind.DUMP -> {
        long number = in.getVarLong();
        String text = threads();
        tell(
            Kind.DUMPED,
            out -> {
              out.putVarLong(number);
              out.putText(text);
            });
      }
      case Kind.RETIRE -> {
        Thread unused = Thread.ofPlatform().name("brigade-teardown").start(this::retire);
      }
      default -> {
        WorkerPort p = port;
        if (p == null) throw new IOException("a control frame of kind " + control.kind());
        p.take(control.kind(), in);
      }
    }
  }

  private void cancel(int lane, long sequence) {
    WorkerPort p = port;
    if (p != null) p.interrupt();
    else lanes[lane].cancel(sequence);
  }

  @SuppressWarnings("unchecked")
  private void initialise(Input in) throws IOException {
    // Not on this thread, which must go on answering.
    Work<?, ?> work;
    try {
      work = (Work<?, ?>) codec.read(in);
      teardown = (VoidFn<Object, ?>) codec.read(in);
    } catch (Throwable t) {
      unready(t);
      return;
    }
    Thread unused =
        Thread.ofPlatform()
            .name("brigade-initialiser")
            .start(() -> {
              try {
                state = work == null ? null : work.call();
                Worker.become(state);
                WorkerPort p = port;
                if (p != null) p.prepare();
                for (WorkerLane lane : lanes) lane.start();
                tell(Kind.READY, out -> {});
                if (p != null) p.start();
              } catch (Throwable t) {
                unready(t);
              }
            });
  }

  private void unready(Throwable failure) {
    tell(
        Kind.UNREADY,
        out -> new Codec(ClassLoader.getSystemClassLoader(), null).writeFailure(failure, out));
    Runtime.getRuntime().halt(1);
  }

  private void retire() {
    retiring = true;
    try {
      if (teardown != null && state != null) teardown.accept(state);
    } catch (Throwable t) {
      System.err.println(
          "The teardown of worker " + ProcessHandle.current().pid() + " failed: " + t);
    }
    WorkerPort p = port;
    System.exit(p != null && p.hasFailed() ? 1 : 0);
  }

  private void exiting() {
    if (!retiring) tell(Kind.EXITING, out -> {});
  }

  private void tell(int kind, java.util.function.Consumer<Output> body) {
    try {
      var out = new Output();
      int frame = Link.begin(out, kind);
      body.accept(out);
      Link.end(out, frame);
      control.send(out);
    } catch (IOException e) {
      Runtime.getRuntime().halt(1);
    }
  }

  private static String threads() {
    var text = new StringBuilder();
    for (var e : Thread.getAllStackTraces().entrySet()) {
      Thread t = e.getKey();
      text.append('"').append(t.getName()).append("\" ").append(t.getState()).append('\n');
      for (StackTraceElement s : e.getValue()) text.append("    at ").append(s).append('\n');
      text.append('\n');
    }
    return text.toString();
  }
}
