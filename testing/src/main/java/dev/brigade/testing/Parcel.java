package dev.brigade.testing;

import dev.brigade.task.RemoteFailureException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An object as the bytes that travel. */
record Parcel(byte[] bytes) {

  /**
   * Packs an object with all that hangs on it.
   *
   * @throws NotSerializableException naming the class that can't travel and the way to it
   */
  static Parcel pack(@Nullable Object content) throws NotSerializableException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(content);
    } catch (IOException | RuntimeException | StackOverflowError e) {
      String way = content == null ? null : Blockage.find(content);
      var named = new NotSerializableException(way != null ? way : String.valueOf(e));
      named.initCause(e);
      throw named;
    }
    return new Parcel(bytes.toByteArray());
  }

  /** Makes a copy of what was packed. */
  Object open(ClassLoader loader) throws IOException, ClassNotFoundException {
    try (var in = new LoadingStream(new ByteArrayInputStream(bytes), loader)) {
      return in.readObject();
    }
  }

  private static final class LoadingStream extends ObjectInputStream {
    private final ClassLoader loader;

    LoadingStream(InputStream in, ClassLoader loader) throws IOException {
      super(in);
      this.loader = loader;
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass description)
        throws IOException, ClassNotFoundException {
      try {
        return Class.forName(description.getName(), false, loader);
      } catch (ClassNotFoundException e) {
        return super.resolveClass(description);
      }
    }
  }

  /** An exception as it arrives elsewhere: an equivalent copy, or its text and trace. */
  static Throwable copyOf(Throwable thrown, ClassLoader loader) {
    try {
      return (Throwable) Objects.requireNonNull(pack(thrown).open(loader));
    } catch (IOException | ClassNotFoundException | RuntimeException | LinkageError e) {
      var text = new StringWriter();
      thrown.printStackTrace(new PrintWriter(text, true));
      return new RemoteFailureException(text.toString());
    }
  }
}
