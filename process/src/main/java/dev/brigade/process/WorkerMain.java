package dev.brigade.process;

import dev.brigade.process.launch.DeathSignal;
import dev.brigade.process.launch.ParentWatch;
import dev.brigade.process.memory.StatusPage;
import dev.brigade.process.wire.Codec;
import dev.brigade.process.wire.FrameKind;
import dev.brigade.process.wire.Greeting;
import dev.brigade.process.wire.Input;
import dev.brigade.process.wire.Link;
import dev.brigade.process.wire.Output;
import dev.brigade.process.wire.StreamLink;
import dev.brigade.task.VoidFn;
import dev.brigade.task.Work;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The main program of a worker: it connects to its parent, runs the initialiser, then waits on the
 * control connection while its lanes run tasks. It ends when it is told to, and at once when the
 * parent is gone.
 */
final class WorkerMain {
  private final Greeting greeting;
  private final Link control;
  private final Codec codec;
  private final WorkerLane[] lanes;
  private final Flusher flusher = new Flusher();
  private volatile @Nullable WorkerPort port;
  private @Nullable Work<?, ?> initialiser;
  private @Nullable VoidFn<Object, ?> teardown;
  private @Nullable Object state;
  private volatile boolean retiring;

  private WorkerMain(Greeting greeting, Link control, WorkerLane[] lanes) {
    this.greeting = greeting;
    this.control = control;
    codec = newCodec(greeting);
    this.lanes = lanes;
  }

  public static void main(String[] args) throws Exception {
    Worker.enter();
    // Unbuffered: the rest of it is the lifeline.
    Greeting greeting = Greeting.read(new FileInputStream(FileDescriptor.in));
    Path folder = greeting.folder().isEmpty() ? null : Path.of(greeting.folder());
    ParentWatch.start(folder);
    int count = greeting.lanes();
    // First, since it tells the parent if /proc is of no use.
    Link control = connect(greeting, folder, count);
    StatusPage page = StatusPage.open(Path.of(greeting.page()), count);
    WorkerLane[] lanes = new WorkerLane[count];
    var main = new WorkerMain(greeting, control, lanes);
    for (int i = 0; i < count; i++) {
      lanes[i] =
          new WorkerLane(
              i,
              connect(greeting, folder, i),
              page.slot(i),
              newCodec(greeting),
              control,
              main.flusher,
              greeting.parent());
    }
    main.tell(FrameKind.HELLO);
    main.serve();
  }

  private static Codec newCodec(Greeting greeting) {
    String filter = greeting.filter();
    return Codec.ofWorker(
        ClassLoader.getSystemClassLoader(),
        filter.isEmpty() ? null : ObjectInputFilter.Config.createFilter(filter));
  }

  /** A lane's connection, or the one after the last lane's, which is for control. */
  private static Link connect(Greeting greeting, @Nullable Path folder, int place)
      throws IOException {
    List<Integer> pipes = greeting.pipes();
    if (pipes.isEmpty()) {
      int lane = place == greeting.lanes() ? SocketDoor.CONTROL : place;
      return SocketDoor.enter(Objects.requireNonNull(folder), greeting.token(), lane);
    }
    String ends = "/proc/" + greeting.parent() + "/fd/";
    try {
      return new StreamLink(
          new FileInputStream(ends + pipes.get(2 * place)),
          new FileOutputStream(ends + pipes.get(2 * place + 1)),
          WorkerStart.MAX_FRAME_BYTES);
    } catch (IOException e) {
      System.err.println("The parent's pipes can't be opened: " + e.getMessage());
      Runtime.getRuntime().halt(WorkerStart.NO_PIPES);
      throw e;
    }
  }

  private void serve() throws IOException {
    Runtime.getRuntime().addShutdownHook(new Exit());
    while (control.read()) {
      for (Input in = control.next(); in != null; in = control.next()) handle(in);
    }
    // The parent has closed the connection: it has given this worker up.
    Runtime.getRuntime().halt(1);
  }

  private void handle(Input in) throws IOException {
    switch (control.kind()) {
      case FrameKind.INITIALISE -> initialise(in);
      case FrameKind.PING -> tell(FrameKind.PONG);
      case FrameKind.CANCEL -> cancel((int) in.getVarLong(), in.getVarLong());
      case FrameKind.SERVE ->
          port = new WorkerPort(in, control, () -> newCodec(greeting), greeting.parent());
      case FrameKind.RELEASE -> lanes[(int) in.getVarLong()].release(in.getVarLong());
      case FrameKind.DUMP -> {
        long number = in.getVarLong();
        String text = threads();
        tell(
            FrameKind.DUMPED,
            out -> {
              out.putVarLong(number);
              out.putText(text);
            });
      }
      case FrameKind.RETIRE -> {
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
    try {
      int what = in.getByte();
      if ((what & 1) != 0) initialiser = (Work<?, ?>) codec.read(in);
      if ((what & 2) != 0) teardown = (VoidFn<Object, ?>) codec.read(in);
    } catch (Throwable t) {
      unready(t);
      return;
    }
    if (initialiser == null && port == null) begin();
    // Not on this thread, which must go on answering.
    else new Initialiser().start();
  }

  private void begin() {
    Worker.become(state);
    for (WorkerLane lane : lanes) lane.start();
    tell(FrameKind.READY);
    WorkerPort p = port;
    if (p != null) p.start();
    DeathSignal.arm(greeting.parent());
    new Rehearsal(newCodec(greeting)).start();
  }

  // Named classes instead of lambdas up to here: the first lambda costs a starting JVM
  // milliseconds.

  private final class Initialiser extends Thread {
    Initialiser() {
      super("brigade-initialiser");
    }

    @Override
    public void run() {
      try {
        Work<?, ?> work = initialiser;
        state = work == null ? null : work.call();
        WorkerPort p = port;
        if (p != null) p.prepare();
        begin();
      } catch (Throwable t) {
        unready(t);
      }
    }
  }

  private final class Exit extends Thread {
    Exit() {
      super("brigade-exit");
    }

    @Override
    public void run() {
      if (!retiring) tell(FrameKind.EXITING);
    }
  }

  private void tell(int kind) {
    var out = new Output();
    Link.end(out, Link.begin(out, kind));
    tell(out);
  }

  private void tell(Output out) {
    try {
      control.send(out);
    } catch (IOException e) {
      Runtime.getRuntime().halt(1);
    }
  }

  private void unready(Throwable failure) {
    tell(FrameKind.UNREADY, out -> newCodec(greeting).writeFailure(failure, out));
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

  private void tell(int kind, Consumer<Output> body) {
    var out = new Output();
    int frame = Link.begin(out, kind);
    body.accept(out);
    Link.end(out, frame);
    tell(out);
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
