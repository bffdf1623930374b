package dev.brigade.process.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes that grow, big-endian. Not for several threads at once. */
public final class Output {
  private byte[] bytes;
  private int size;

  /** Empty. */
  public Output() {
    this(256);
  }

  /** Empty, with room for so many bytes. */
  public Output(int capacity) {
    bytes = new byte[capacity];
  }

  /** Where the bytes are: the first {@link #size} count. */
  public byte[] array() {
    return bytes;
  }

  /** How many there are. */
  public int size() {
    return size;
  }

  /** Forgets what is after the first so many bytes. */
  public void truncate(int newSize) {
    size = newSize;
  }

  /** Forgets all and gives the room back. */
  void shrink() {
    bytes = new byte[256];
    size = 0;
  }

  /** A copy of what was written. */
  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  /** Makes room for so many bytes more and returns where they begin; the caller fills them. */
  public int reserve(int count) {
    int at = size;
    if (count > bytes.length - size) grow(count);
    size += count;
    return at;
  }

  private void grow(int count) {
    long wanted = (long) size + count;
    if (wanted > Integer.MAX_VALUE - 16) {
      throw new IllegalStateException(
          "more than 2 GiB in one message: put big arrays into a SharedArray");
    }
    bytes =
        Arrays.copyOf(
            bytes, (int) Math.min(Integer.MAX_VALUE - 16, Math.max(wanted, bytes.length * 2L)));
  }

  /** One byte. */
  public void putByte(int value) {
    int at = reserve(1);
    bytes[at] = (byte) value;
  }

  /** Four bytes. */
  public void putInt(int value) {
    int at = reserve(4);
    setInt(at, value);
  }

  /** Overwrites four bytes. */
  public void setInt(int at, int value) {
    bytes[at] = (byte) (value >>> 24);
    bytes[at + 1] = (byte) (value >>> 16);
    bytes[at + 2] = (byte) (value >>> 8);
    bytes[at + 3] = (byte) value;
  }

  /** Overwrites eight bytes. */
  public void setLong(int at, long value) {
    setInt(at, (int) (value >>> 32));
    setInt(at + 4, (int) value);
  }

  /** Gives memory back if it holds nothing and has room for more than so many bytes. */
  public void trim(int most) {
    if (size == 0 && bytes.length > most) bytes = new byte[256];
  }

  /** Eight bytes. */
  public void putLong(long value) {
    putInt((int) (value >>> 32));
    putInt((int) value);
  }

  /** One to nine bytes or ten, the fewer the smaller the value is. */
  public void putVarLong(long value) {
    long zigzag = (value << 1) ^ (value >> 63);
    if ((zigzag & ~0x7FL) == 0) {
      putByte((int) zigzag);
      return;
    }
    while ((zigzag & ~0x7FL) != 0) {
      putByte((int) (zigzag & 0x7F) | 0x80);
      zigzag >>>= 7;
    }
    putByte((int) zigzag);
  }

  /** A byte and then what {@link #putVarLong} writes, in one step. */
  void putTagged(int tag, long value) {
    int at = reserve(11);
    bytes[at++] = (byte) tag;
    long zigzag = (value << 1) ^ (value >> 63);
    while ((zigzag & ~0x7FL) != 0) {
      bytes[at++] = (byte) ((int) (zigzag & 0x7F) | 0x80);
      zigzag >>>= 7;
    }
    bytes[at++] = (byte) zigzag;
    size = at;
  }

  /** All of them. */
  public void putBytes(byte[] value) {
    putBytes(value, 0, value.length);
  }

  /** Some of them. */
  public void putBytes(byte[] value, int from, int count) {
    int at = reserve(count);
    System.arraycopy(value, from, bytes, at, count);
  }

  /** A text of any length, with its length. */
  public void putText(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    putVarLong(encoded.length);
    putBytes(encoded);
  }
}
