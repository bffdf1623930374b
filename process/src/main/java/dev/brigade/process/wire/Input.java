package dev.brigade.process.wire;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Reads what {@link Output} wrote; never beyond its end. Not for several threads at once. */
public final class Input {
  private final byte[] bytes;
  private final int end;
  private int at;

  /** All of it. */
  public Input(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  /** A part, which must not change meanwhile. */
  public Input(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.at = from;
    this.end = to;
  }

  /** The array that is read from. */
  public byte[] array() {
    return bytes;
  }

  /** Where the next byte is. */
  public int position() {
    return at;
  }

  /** How many bytes are left. */
  public int remaining() {
    return end - at;
  }

  /** Steps over so many bytes and returns where they began. */
  public int skip(int count) throws IOException {
    if (count < 0 || count > end - at) throw tooShort(count);
    int from = at;
    at += count;
    return from;
  }

  private EOFException tooShort(int count) {
    return new EOFException("a message of " + count + " more bytes has " + (end - at));
  }

  /**
   * Goes on at this place.
   *
   * @throws IOException if it lies behind the end
   */
  public void seek(int position) throws IOException {
    if (position < 0 || position > end)
      throw new EOFException("place " + position + " of a message that ends at " + end);
    at = position;
  }

  /** One byte, signed. */
  public byte getByte() throws IOException {
    if (at >= end) throw tooShort(1);
    return bytes[at++];
  }

  /** Four bytes. */
  public int getInt() throws IOException {
    int from = skip(4);
    return (bytes[from] & 0xFF) << 24
        | (bytes[from + 1] & 0xFF) << 16
        | (bytes[from + 2] & 0xFF) << 8
        | bytes[from + 3] & 0xFF;
  }

  /** Eight bytes. */
  public long getLong() throws IOException {
    long high = getInt();
    return high << 32 | getInt() & 0xFFFFFFFFL;
  }

  /** What {@link Output#putVarLong} wrote. */
  public long getVarLong() throws IOException {
    byte first = getByte();
    long zigzag = first & 0x7F;
    if (first >= 0) return zigzag >>> 1 ^ -(zigzag & 1);
    for (int shift = 7; shift < 64; shift += 7) {
      byte b = getByte();
      zigzag |= (long) (b & 0x7F) << shift;
      if (b >= 0) return zigzag >>> 1 ^ -(zigzag & 1);
    }
    throw new IOException("a number of more than ten bytes");
  }

  /** A count or length: not negative, and not more than there can be. */
  public int getCount() throws IOException {
    long count = getVarLong();
    if (count < 0 || count > remaining())
      throw new IOException("a length of " + count + " with " + remaining() + " bytes left");
    return (int) count;
  }

  /** So many bytes. */
  public byte[] getBytes(int count) throws IOException {
    int from = skip(count);
    return java.util.Arrays.copyOfRange(bytes, from, from + count);
  }

  /** What {@link Output#putText} wrote. */
  public String getText() throws IOException {
    int count = getCount();
    int from = skip(count);
    return new String(bytes, from, count, StandardCharsets.UTF_8);
  }
}
