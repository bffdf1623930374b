package dev.brigade.process.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What has come, and the frames in it. Belongs to whoever reads. */
final class Frames {
  static final int BUFFER = 64 << 10;

  /** A length and a kind. */
  static final int HEAD = 5;

  private final int maxFrameBytes;
  private byte[] in = new byte[BUFFER];
  private ByteBuffer view = ByteBuffer.wrap(in);
  private int start;
  private int end;
  private int kind;

  Frames(int maxFrameBytes) {
    this.maxFrameBytes = maxFrameBytes;
  }

  /** Where the next bytes go. */
  ByteBuffer room() throws IOException {
    if (start == end) {
      start = 0;
      end = 0;
      if (in.length > BUFFER) become(new byte[BUFFER]);
    } else if (end == in.length) {
      compact();
    }
    return view.clear().position(end);
  }

  /** So many have come there. */
  void came(int count) {
    end += count;
  }

  /** Room for the frame that has begun: grown as it comes, since its length may be a lie. */
  private void compact() throws IOException {
    int length = length();
    int wanted =
        length < 0
            ? BUFFER
            : (int) Math.min(HEAD - 1L + length, 2L * Math.max(BUFFER, end - start));
    byte[] from = in;
    int size = end - start;
    if (wanted > in.length) become(new byte[wanted]);
    System.arraycopy(from, start, in, 0, size);
    start = 0;
    end = size;
  }

  private void become(byte[] other) {
    in = other;
    view = ByteBuffer.wrap(other);
  }

  private int length() throws IOException {
    if (end - start < 4) return -1;
    int length =
        (in[start] & 0xFF) << 24
            | (in[start + 1] & 0xFF) << 16
            | (in[start + 2] & 0xFF) << 8
            | in[start + 3] & 0xFF;
    if (length < 1 || length > maxFrameBytes)
      throw new GarbageException(
          "a frame of " + length + " bytes, where 1 to " + maxFrameBytes + " are allowed");
    return length;
  }

  @Nullable Input next() throws IOException {
    int length = length();
    if (length < 0 || end - start - 4 < length) return null;
    kind = in[start + 4];
    var body = new Input(in, start + HEAD, start + 4 + length);
    start += 4 + length;
    return body;
  }

  int kind() {
    return kind;
  }

  boolean hasNext() throws IOException {
    int length = length();
    return length >= 0 && end - start - 4 >= length;
  }
}
