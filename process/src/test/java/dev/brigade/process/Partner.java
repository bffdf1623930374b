package dev.brigade.process;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Another JVM that runs one job after the other, with nothing between but pipes and the exchange.
 */
final class Partner implements AutoCloseable {
  /** What it can be asked to do. */
  interface Deed extends Serializable {
    @Nullable Object run(@Nullable Object argument) throws Exception;
  }

  /** What came back, before it is read. */
  record Reply(boolean failed, boolean lends, byte[] body) {}

  private record Order(Deed deed, @Nullable Object argument) implements Serializable {}

  private static final byte DO = 1;
  private static final byte RELEASE = 2;

  private final Process process;
  private final DataOutputStream out;
  private final DataInputStream in;
  private final Exchange exchange;

  private Partner(Process process) {
    this.process = process;
    Footprint.watch(process.pid());
    this.out = new DataOutputStream(process.getOutputStream());
    this.in = new DataInputStream(process.getInputStream());
    this.exchange = Exchange.with(process.pid(), Exchange.Side.OWNER);
  }

  static Partner start(String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-Xmx64m"));
    command.addAll(List.of(options));
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Partner.class.getName());
    return new Partner(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  long pid() {
    return process.pid();
  }

  /** All of it: the way of a task that goes well, or fails in the partner. */
  @Nullable Object call(Deed deed, @Nullable Object argument) throws Exception {
    Lease lease = send(deed, argument);
    try {
      Reply reply = receive();
      Object value = read(reply);
      exchange.accept();
      if (reply.lends) release();
      if (reply.failed) throw new Failed(String.valueOf(value));
      return value;
    } finally {
      if (lease != null) lease.close();
    }
  }

  static final class Failed extends Exception {
    private static final long serialVersionUID = 1L;

    Failed(String message) {
      super(message);
    }
  }

  @Nullable Lease send(Deed deed, @Nullable Object argument) throws IOException {
    Exchange x = Exchange.writing();
    byte[] order;
    try {
      order = write(x, new Order(deed, argument));
    } catch (IOException | RuntimeException e) {
      Lease l = x.lent();
      if (l != null) l.close();
      throw e;
    }
    Lease lease = x.lent();
    if (lease != null) lease.sent();
    out.writeByte(DO);
    out.writeInt(order.length);
    out.write(order);
    out.flush();
    return lease;
  }

  Reply receive() throws IOException {
    return new Reply(in.readBoolean(), in.readBoolean(), in.readNBytes(in.readInt()));
  }

  void awaitByte() throws IOException {
    byte _ = in.readByte();
  }

  @Nullable Object read(Reply reply) throws Exception {
    try {
      return read(exchange, reply.body);
    } catch (IOException | RuntimeException e) {
      exchange.release();
      throw e;
    }
  }

  Exchange exchange() {
    return exchange;
  }

  void release() throws IOException {
    out.writeByte(RELEASE);
    out.flush();
  }

  void kill() {
    Process _ = process.destroyForcibly();
    Process _ = process.onExit().join();
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException killedBefore) {
      // its end of the pipe is gone
    }
    try {
      Process _ = process.onExit().get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      kill();
      throw new IllegalStateException("it didn't end with its input", e);
    }
  }

  static byte[] write(Exchange x, @Nullable Object value) throws IOException {
    var bytes = new ByteArrayOutputStream();
    x.enter();
    try (var stream = new ObjectOutputStream(bytes)) {
      stream.writeObject(value);
    } finally {
      x.exit();
    }
    return bytes.toByteArray();
  }

  static @Nullable Object read(Exchange x, byte[] bytes)
      throws IOException, ClassNotFoundException {
    x.enter();
    try (var stream = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return stream.readObject();
    } finally {
      x.exit();
    }
  }

  // ---- the other side

  /** What jobs leave for later jobs. */
  static final Map<String, SharedArray> SHELF = new HashMap<>();

  /** Runs jobs until the end of standard input. */
  public static void main(String[] args) throws IOException {
    var in = new DataInputStream(System.in);
    var out = new DataOutputStream(System.out);
    long parent = ProcessHandle.current().parent().orElseThrow().pid();
    Exchange x = Exchange.with(parent, Exchange.Side.TASK);
    Lease lent = null;
    while (true) {
      byte kind;
      try {
        kind = in.readByte();
      } catch (EOFException e) {
        return;
      }
      if (kind == RELEASE) {
        if (lent != null) lent.close();
        lent = null;
        continue;
      }
      byte[] result;
      boolean failed = false;
      byte[] order = in.readNBytes(in.readInt());
      try {
        Order o = (Order) read(x, order);
        if (o == null) throw new IllegalStateException("no order");
        result = write(x, o.deed.run(o.argument));
      } catch (Exception | Error e) {
        Lease l = x.lent();
        if (l != null) l.close();
        failed = true;
        result = write(x, e.toString());
      }
      lent = x.lent();
      if (lent != null) lent.sent();
      out.writeBoolean(failed);
      out.writeBoolean(lent != null);
      out.writeInt(result.length);
      out.write(result);
      out.flush();
      x.release();
    }
  }
}
