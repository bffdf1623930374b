package dev.brigade.process.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** Reads what {@link JavaOut} wrote, through a filter unless it is our own. */
final class JavaIn extends ObjectInputStream {
  private final Classes classes;
  private final Lambdas lambdas;
  private @Nullable Object @Nullable [] slots;

  JavaIn(InputStream in, Classes classes, Lambdas lambdas, @Nullable ObjectInputFilter filter)
      throws IOException {
    super(in);
    this.classes = classes;
    this.lambdas = lambdas;
    if (filter != null) setObjectInputFilter(filter);
    enableResolveObject(true);
  }

  /** Puts these in the places of the slots; what is read is our own. */
  void fill(@Nullable Object[] values) {
    slots = values;
  }

  @Override
  protected Class<?> resolveClass(ObjectStreamClass description) throws ClassNotFoundException {
    return classes.find(description.getName());
  }

  @Override
  @SuppressWarnings("deprecation") // there is no other way to name a proxy's class
  protected Class<?> resolveProxyClass(String[] interfaces) throws ClassNotFoundException {
    var found = new Class<?>[interfaces.length];
    for (int i = 0; i < found.length; i++) found[i] = classes.find(interfaces[i]);
    try {
      return Proxy.getProxyClass(classes.loader(), found);
    } catch (IllegalArgumentException e) {
      throw new ClassNotFoundException("a proxy of " + String.join(", ", interfaces), e);
    }
  }

  @Override
  protected @Nullable Object resolveObject(@Nullable Object o) throws IOException {
    if (slots != null && o instanceof Slot slot) return slots[slot.index()];
    if (!(o instanceof LambdaParcel parcel)) return o;
    try {
      return lambdas.make(parcel);
    } catch (ClassNotFoundException e) {
      throw new IOException("the class of a lambda is missing: " + e.getMessage(), e);
    }
  }

  /** The header, and then a stretch of a message; never beyond. */
  static final class Source extends InputStream {
    private final byte[] bytes;
    private final int end;
    private int at;
    private int header;

    Source(byte[] bytes, int from, int to) {
      this.bytes = bytes;
      this.at = from;
      this.end = to;
    }

    @Override
    public int read() {
      if (header < JavaOut.HEADER.length) return JavaOut.HEADER[header++] & 0xFF;
      return at < end ? bytes[at++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] to, int from, int count) {
      if (count == 0) return 0;
      if (header < JavaOut.HEADER.length) {
        to[from] = JavaOut.HEADER[header++];
        return 1;
      }
      if (at >= end) return -1;
      int some = Math.min(count, end - at);
      System.arraycopy(bytes, at, to, from, some);
      at += some;
      return some;
    }

    @Override
    public int available() {
      return end - at;
    }
  }
}
