package dev.brigade.process;

import dev.brigade.annotation.CheckReturnValue;
import dev.brigade.process.memory.Address;
import dev.brigade.process.memory.Mapping;
import dev.brigade.process.memory.SharedMemory;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamException;
import java.io.Serial;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An array of numbers in memory that several processes have at once: as an argument or result of a
 * task of a {@link ProcessPool} only a note of some 100 bytes travels, whatever its length. Below
 * some 100 KB, or 1 MB if only one task has it, send the array itself. (Python: {@code
 * multiprocessing.shared_memory}.)
 *
 * {@snippet :
 * try (SharedArray samples = SharedArray.of(readings)) {
 *   ProcessTask<Double> sum = pool.call(array -> add(array.doubles()), samples);
 *   show(sum.get());
 * }
 * }
 *
 * <p><b>Whose it is.</b> Who makes an array closes it; tasks that were submitted before have it
 * nevertheless. In the worker an argument is released when the task ends, unless the task calls
 * {@link #keep}. An array in a result belongs to whoever gets the result, who closes it, and leaves
 * the worker, unless the task called {@code keep}. {@link #transfer} gives an argument away. {@link
 * #readOnly} and {@link #slice} are views that end with their array; what a process gets of a slice
 * is the slice alone. A task that returns its argument gives back a second array in the same
 * memory.
 *
 * <p>Use after the end, from any thread, is an {@link IllegalStateException}, never a crash; so is
 * use of segments and buffers that were taken from it before. Memory is freed with the last process
 * that has it, however the processes end. An array of 1 to 128 MiB that nobody has any more stays
 * with its maker for some two seconds, at most 128 MiB in all, and is used for the next one.
 *
 * <p>On Linux with native access for this module, memory never has a name, and may be as big as the
 * machine allows. Without native access it is a file in {@code /dev/shm} (often 64 MiB in a
 * container), or among the temporary files if that is too small, which is nameless once it is open;
 * what is killed in these microseconds leaves an empty file that the next program removes. Without
 * {@code /proc} it is a file for this user, removed on release and exit, or by the next program.
 *
 * <p>Memory effects: all processes have the same bytes. What was written before submitting a task
 * is seen by the task, and what a task wrote is seen by whoever has its result; otherwise use
 * {@code VarHandle}s of the segment's layouts, as between threads. Byte order is the machine's.
 *
 * <p>Cost: making one takes about 0.1 ms and 0.4 ms a MiB, mostly for the kernel to find the
 * memory, or 0.15 ms a MiB where it is used again; one descriptor while it lives. A task that has
 * one starts about 0.1 ms later, and 0.1 ms for each MiB that it touches.
 *
 * <p>Isolation, not a sandbox: a read-only array can't be written through this class, but other
 * processes of the same user can reach the memory if they mean to.
 */
public final class SharedArray implements AutoCloseable, Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private enum Element {
    BYTE(byte.class, 1),
    SHORT(short.class, 2),
    CHAR(char.class, 2),
    INT(int.class, 4),
    LONG(long.class, 8),
    FLOAT(float.class, 4),
    DOUBLE(double.class, 8);

    final Class<?> type;
    final int bytes;

    Element(Class<?> type, int bytes) {
      this.type = type;
      this.bytes = bytes;
    }

    static Element of(Class<?> type) {
      for (Element e : values()) if (e.type == type) return e;
      throw new IllegalArgumentException(
          "elementType must be a primitive type other than boolean, but was " + type.getName());
    }
  }

  private final transient Mapping mapping;
  private final transient MemorySegment view;
  private final transient Element element;

  /** Where the view begins in the memory, in bytes. */
  private final transient long offset;

  private final transient boolean whole;
  private final transient boolean leaves;

  private SharedArray(
      Mapping mapping,
      MemorySegment view,
      Element element,
      long offset,
      boolean whole,
      boolean leaves) {
    this.mapping = mapping;
    this.view = view;
    this.element = element;
    this.offset = offset;
    this.whole = whole;
    this.leaves = leaves;
    Exchange.arraysExist();
  }

  private static SharedArray make(SharedMemory memory, Element element) throws IOException {
    Mapping m = Mapping.of(memory);
    return new SharedArray(m, m.segment(), element, 0, true, false);
  }

  private static SharedArray copyOf(MemorySegment values, Element element) throws IOException {
    return make(SharedMemory.copyOf(values), element);
  }

  // ---- making

  /**
   * A new array of zeros.
   *
   * @param elementType {@code double.class} or another primitive type but boolean
   * @throws IOException if there is not so much memory, or no descriptor is left
   */
  @CheckReturnValue
  public static SharedArray allocate(Class<?> elementType, long length) throws IOException {
    Element element = Element.of(Objects.requireNonNull(elementType, "elementType"));
    long most = Long.MAX_VALUE / element.bytes;
    if (length < 0 || length > most)
      throw new IllegalArgumentException(
          "length must be from 0 to " + most + ", but was " + length);
    return make(SharedMemory.allocate(length * element.bytes), element);
  }

  /** A copy of these values. */
  @CheckReturnValue
  public static SharedArray of(byte[] values) throws IOException {
    return copyOf(MemorySegment.ofArray(values), Element.BYTE);
  }

  /** A copy of these values. */
  @CheckReturnValue
  public static SharedArray of(short[] values) throws IOException {
    return copyOf(MemorySegment.ofArray(values), Element.SHORT);
  }

  /** A copy of these values. */
  @CheckReturnValue
  public static SharedArray of(char[] values) throws IOException {
    return copyOf(MemorySegment.ofArray(values), Element.CHAR);
  }

  /** A copy of these values. */
  @CheckReturnValue
  public static SharedArray of(int[] values) throws IOException {
    return copyOf(MemorySegment.ofArray(values), Element.INT);
  }

  /** A copy of these values. */
  @CheckReturnValue
  public static SharedArray of(long[] values) throws IOException {
    return copyOf(MemorySegment.ofArray(values), Element.LONG);
  }

  /** A copy of these values. */
  @CheckReturnValue
  public static SharedArray of(float[] values) throws IOException {
    return copyOf(MemorySegment.ofArray(values), Element.FLOAT);
  }

  /** A copy of these values. */
  @CheckReturnValue
  public static SharedArray of(double[] values) throws IOException {
    return copyOf(MemorySegment.ofArray(values), Element.DOUBLE);
  }

  /** A copy of this memory, as bytes. */
  @CheckReturnValue
  public static SharedArray of(MemorySegment values) throws IOException {
    return copyOf(values, Element.BYTE);
  }

  // ---- what is in it

  /** What its elements are, such as {@code double.class}. */
  public Class<?> elementType() {
    return element.type;
  }

  /** How many elements it has. */
  public long length() {
    return view.byteSize() / element.bytes;
  }

  /** Its length in bytes. */
  public long byteSize() {
    return view.byteSize();
  }

  /** Whether it can't be written to. */
  public boolean isReadOnly() {
    return view.isReadOnly();
  }

  /** Whether it can be used: it was neither closed nor given away. */
  public boolean isOpen() {
    return mapping.isOpen();
  }

  /**
   * Its memory, for arrays of any length and for all that {@link MemorySegment} can do.
   *
   * @throws IllegalStateException if it was closed or given away
   */
  public MemorySegment segment() {
    MemorySegment unused = mapping.segment();
    return view;
  }

  private ByteBuffer buffer(Element wanted) {
    MemorySegment s = segment();
    if (wanted != element)
      throw new IllegalStateException(
          "elementType must be " + wanted.type + " for this, but is " + element.type);
    if (s.byteSize() > Integer.MAX_VALUE)
      throw new IllegalStateException(
          "a buffer holds at most 2147483647 bytes, but this array has "
              + s.byteSize()
              + ": use slices or its segment");
    return s.asByteBuffer().order(ByteOrder.nativeOrder());
  }

  /**
   * The bytes, not a copy.
   *
   * @throws IllegalStateException as for all of these: if the elements are others, or there are
   *     more than 2 GiB of them, or it was closed or given away
   */
  public ByteBuffer bytes() {
    return buffer(Element.BYTE);
  }

  /** The elements, not a copy. */
  public ShortBuffer shorts() {
    return buffer(Element.SHORT).asShortBuffer();
  }

  /** The elements, not a copy. */
  public CharBuffer chars() {
    return buffer(Element.CHAR).asCharBuffer();
  }

  /** The elements, not a copy. */
  public IntBuffer ints() {
    return buffer(Element.INT).asIntBuffer();
  }

  /** The elements, not a copy. */
  public LongBuffer longs() {
    return buffer(Element.LONG).asLongBuffer();
  }

  /** The elements, not a copy. */
  public FloatBuffer floats() {
    return buffer(Element.FLOAT).asFloatBuffer();
  }

  /** The elements, not a copy. */
  public DoubleBuffer doubles() {
    return buffer(Element.DOUBLE).asDoubleBuffer();
  }

  /**
   * A copy of the elements as an ordinary array.
   *
   * @param arrayType such as {@code double[].class}
   * @param <A> the array
   * @throws IllegalStateException if the elements are others, or too many, or it was closed or
   *     given away
   */
  @CheckReturnValue
  public <A> A toArray(Class<A> arrayType) {
    if (arrayType.getComponentType() != element.type)
      throw new IllegalStateException(
          "arrayType must be an array of " + element.type + ", but was " + arrayType.getName());
    MemorySegment s = segment();
    Object copy =
        switch (element) {
          case BYTE -> s.toArray(ValueLayout.JAVA_BYTE);
          case SHORT -> s.toArray(ValueLayout.JAVA_SHORT);
          case CHAR -> s.toArray(ValueLayout.JAVA_CHAR);
          case INT -> s.toArray(ValueLayout.JAVA_INT);
          case LONG -> s.toArray(ValueLayout.JAVA_LONG);
          case FLOAT -> s.toArray(ValueLayout.JAVA_FLOAT);
          case DOUBLE -> s.toArray(ValueLayout.JAVA_DOUBLE);
        };
    return arrayType.cast(copy);
  }

  // ---- sharing

  /** A part of it, from element {@code from} to before element {@code to}. */
  @CheckReturnValue
  public SharedArray slice(long from, long to) {
    MemorySegment unused = mapping.segment();
    if (from < 0 || to < from || to > length())
      throw new IndexOutOfBoundsException(
          "from and to must be in order and within 0 and "
              + length()
              + ", but were "
              + from
              + " and "
              + to);
    long start = from * element.bytes;
    MemorySegment part = view.asSlice(start, (to - from) * element.bytes);
    return new SharedArray(mapping, part, element, offset + start, false, false);
  }

  /**
   * The same memory, not to be written to; other processes that get it can't either.
   *
   * @throws IllegalStateException if it was closed or given away
   */
  @CheckReturnValue
  public SharedArray readOnly() {
    MemorySegment unused = mapping.segment();
    return new SharedArray(mapping, view.asReadOnly(), element, offset, whole, false);
  }

  /**
   * The same memory, to be given away: once a task or message with it was accepted, this array and
   * all that was taken from it can't be used here any more, and the memory is freed when the
   * receiver is done with it. If the task is refused, it is still here.
   *
   * @throws IllegalStateException if it is a slice, or was closed or given away
   */
  @CheckReturnValue
  public SharedArray transfer() {
    MemorySegment unused = mapping.segment();
    if (!whole)
      throw new IllegalStateException("a slice can't be given away: only the whole array");
    return new SharedArray(mapping, view, element, offset, true, true);
  }

  /**
   * In a task: the array outlives it. An argument is not released when the task ends, and an array
   * that the task returns doesn't leave this worker; somebody here closes it later.
   *
   * @throws IOException if no descriptor is left
   * @throws IllegalStateException if it was closed or given away
   */
  public SharedArray keep() throws IOException {
    mapping.keep();
    return this;
  }

  /**
   * Releases the memory in this process; on a view it ends the whole array. Harmless when called
   * again, or after it was given away.
   */
  @Override
  public void close() {
    mapping.close();
  }

  @Override
  public String toString() {
    return element.type
        + "["
        + length()
        + "] shared"
        + (isReadOnly() ? ", read-only" : "")
        + (isOpen() ? "" : ", closed");
  }

  // ---- travelling

  /** What travels. */
  record Note(
      long pid,
      int fd,
      long device,
      long inode,
      long bytes,
      long use,
      String path,
      byte element,
      long offset,
      long size,
      boolean readOnly)
      implements Serializable {

    @Serial
    private Object readResolve() throws ObjectStreamException {
      Element[] all = Element.values();
      if (element < 0 || element >= all.length) throw bad("element type " + element, null);
      Element e = all[element];
      if (offset < 0 || size < 0 || offset > bytes || size > bytes - offset || size % e.bytes != 0)
        throw bad(size + " bytes from " + offset + " of " + bytes, null);
      var address = new Address(pid, fd, device, inode, bytes, use, path);
      try {
        Mapping m = Exchange.current().read(address, offset, size, readOnly);
        return new SharedArray(m, m.segment(), e, offset, true, false);
      } catch (ObjectStreamException e2) {
        throw e2;
      } catch (IOException | RuntimeException e2) {
        throw bad(String.valueOf(e2.getMessage()), e2);
      }
    }

    private static InvalidObjectException bad(String why, @Nullable Throwable cause) {
      return new InvalidObjectException("not a shared array: " + why, cause);
    }
  }

  @Serial
  private Object writeReplace() throws NotSerializableException {
    Address a = Exchange.current().write(mapping, leaves);
    return new Note(
        a.pid(),
        a.fd(),
        a.device(),
        a.inode(),
        a.bytes(),
        a.use(),
        a.path(),
        (byte) element.ordinal(),
        offset,
        view.byteSize(),
        view.isReadOnly());
  }

  @Serial
  private void readObject(ObjectInputStream in) throws InvalidObjectException {
    throw new InvalidObjectException("a shared array is read from its note");
  }
}
