package dev.brigade.process.wire;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import org.jspecify.annotations.Nullable;

/** Objects as bytes. Not for several threads at once. */
public final class Codec {
  private final ClassLoader loader;
  private final @Nullable ObjectInputFilter filter;

  /**
   * @param loader finds the classes of what is read
   * @param filter what may be read, or null for the filter that every program should have
   */
  public Codec(ClassLoader loader, @Nullable ObjectInputFilter filter) {
    this.loader = loader;
    this.filter = filter;
  }

  /**
   * Adds an object with all that hangs on it.
   *
   * @throws NotSerializableException naming the class that can't travel and the way to it; then
   *     nothing was added
   */
  public void write(@Nullable Object value, Output out) throws NotSerializableException {
    int start = out.size();
    var bytes = new ByteArrayOutputStream();
    try (var stream = new ObjectOutputStream(bytes)) {
      stream.writeObject(value);
    } catch (IOException | RuntimeException | StackOverflowError e) {
      out.truncate(start);
      var named = new NotSerializableException(String.valueOf(e));
      named.initCause(e);
      throw named;
    }
    out.putInt(bytes.size());
    out.putBytes(bytes.toByteArray());
  }

  /** Reads one object. */
  public @Nullable Object read(Input in) throws IOException, ClassNotFoundException {
    int count = in.getInt();
    int from = in.skip(count);
    try (var stream = new Loading(new ByteArrayInputStream(in.array(), from, count))) {
      return stream.readObject();
    }
  }

  /** Adds an exception: an equivalent copy where it can travel, or its text and trace. */
  public void writeFailure(Throwable failure, Output out) {
    try {
      write(failure, out);
    } catch (NotSerializableException e) {
      try {
        write(new dev.brigade.task.RemoteFailureException(String.valueOf(failure)), out);
      } catch (NotSerializableException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
  }

  /** Reads an exception; never fails for what its class does. */
  public Throwable readFailure(Input in) throws IOException {
    try {
      if (read(in) instanceof Throwable t) return t;
      throw new IOException("not an exception");
    } catch (ClassNotFoundException e) {
      return new dev.brigade.task.RemoteFailureException(String.valueOf(e));
    }
  }

  private final class Loading extends ObjectInputStream {
    Loading(InputStream in) throws IOException {
      super(in);
      if (filter != null) setObjectInputFilter(filter);
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
}
