package dev.brigade.process.wire;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.lang.invoke.SerializedLambda;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes in the JDK's format, with lambdas and optionals in a form of ours. Kept for many messages,
 * since making one costs more than most of them.
 */
final class JavaOut extends ObjectOutputStream {
  /** What every stream begins with, which is not sent. */
  static final byte[] HEADER = {(byte) 0xAC, (byte) 0xED, 0, 5};

  private final Sink sink;
  private boolean plainLambdas;

  private JavaOut(Sink sink) throws IOException {
    super(sink);
    this.sink = sink;
    enableReplaceObject(true);
    flush();
  }

  static JavaOut open() throws IOException {
    return new JavaOut(new Sink());
  }

  /** Adds one object, alone: nothing refers to what was written before. */
  void write(@Nullable Object value, Output out, boolean lambdasAsTheyAre) throws IOException {
    plainLambdas = lambdasAsTheyAre;
    sink.out = out;
    try {
      writeObject(value);
      flush();
    } finally {
      sink.out = null;
    }
    // Forgets the objects; what it says about that to the reader goes nowhere.
    reset();
    flush();
  }

  @Override
  protected @Nullable Object replaceObject(@Nullable Object o) {
    if (o instanceof SerializedLambda s && !plainLambdas) {
      var captured = new Object[s.getCapturedArgCount()];
      for (int i = 0; i < captured.length; i++) captured[i] = s.getCapturedArg(i);
      return new LambdaParcel(LambdaShape.encode(s), captured);
    }
    return o instanceof Optional<?> optional ? new OptionalParcel(optional) : o;
  }

  /** What a lambda stands for, from wherever it is; null if it is none. */
  static @Nullable SerializedLambda lambda(Object function) {
    try (var looking = new Looking()) {
      looking.writeObject(function);
      return looking.found;
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  private static final class Sink extends OutputStream {
    @Nullable Output out;

    @Override
    public void write(int b) {
      if (out != null) out.putByte(b);
    }

    @Override
    public void write(byte[] b, int from, int count) {
      if (out != null) out.putBytes(b, from, count);
    }
  }

  /** A stream shows to replaceObject what a lambda puts in its place, whatever module it is of. */
  private static final class Looking extends ObjectOutputStream {
    private @Nullable SerializedLambda found;

    Looking() throws IOException {
      super(OutputStream.nullOutputStream());
      enableReplaceObject(true);
    }

    @Override
    protected @Nullable Object replaceObject(@Nullable Object o) {
      if (found == null && o instanceof SerializedLambda lambda) found = lambda;
      return found == null ? o : null;
    }
  }
}
