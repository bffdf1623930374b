package dev.brigade.process.wire;

import java.io.IOException;
import java.io.InvalidClassException;
import java.lang.invoke.SerializedLambda;
import org.jspecify.annotations.Nullable;

/** Any serialisable graph in the JDK's format. */
final class JavaFormat {
  /** A stream that wrote more is not kept: its tables would stay as large, and slow to clear. */
  private static final int KEPT = 64 << 10;

  private final Classes classes;
  private final Gate gate;
  private final Lambdas lambdas;
  private @Nullable JavaOut writer;

  JavaFormat(Classes classes, Gate gate) {
    this.classes = classes;
    this.gate = gate;
    this.lambdas = new Lambdas(classes, gate, this);
  }

  Lambdas lambdas() {
    return lambdas;
  }

  /** Adds a graph, with its length before it. */
  void write(@Nullable Object value, Output out) throws IOException {
    write(value, out, false);
  }

  private void write(@Nullable Object value, Output out, boolean plainLambdas) throws IOException {
    int start = out.reserve(4);
    JavaOut stream = writer != null ? writer : JavaOut.open();
    // After a failure, and while user code that it calls is at work, it is nobody's.
    writer = null;
    stream.write(value, out, plainLambdas);
    int count = out.size() - start - 4;
    out.setInt(start, count);
    if (count <= KEPT) writer = stream;
  }

  @Nullable Object read(Input in) throws IOException, ClassNotFoundException {
    int count = in.getInt();
    int from = in.skip(count);
    return read(in.array(), from, count);
  }

  private @Nullable Object read(byte[] bytes, int from, int count)
      throws IOException, ClassNotFoundException {
    gate.beginJava();
    var filter = new StreamFilter(gate, count);
    try (var stream =
        new JavaIn(new JavaIn.Source(bytes, from, from + count), classes, lambdas, filter)) {
      return stream.readObject();
    } catch (InvalidClassException e) {
      InvalidClassException why = filter.refusal();
      if (why == null) throw e;
      why.initCause(e);
      throw why;
    }
  }

  /** The function that this stands for, where only the JDK's stream may make it. */
  @Nullable Object resolve(SerializedLambda described, @Nullable Object[] captured)
      throws IOException, ClassNotFoundException {
    var out = new Output();
    write(described, out, true);
    var source = new JavaIn.Source(out.array(), 4, out.size());
    try (var stream = new JavaIn(source, classes, lambdas, null)) {
      stream.fill(captured);
      return stream.readObject();
    }
  }
}
