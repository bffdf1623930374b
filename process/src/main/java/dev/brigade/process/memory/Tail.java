package dev.brigade.process.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;

/*
 * Two words behind the data: how many other processes' mappings there are, and which use of the
 * memory this is. Who maps counts itself and then looks at the use; who wants to use the memory anew
 * changes the use and then looks at the count: one of the two sees the other. A process that dies is
 * never counted off, so that its memory is not used again.
 */
/** What is needed to use memory again once nobody else has it. */
final class Tail {
  static final int BYTES = 64;
  private static final int USERS = 0;
  private static final int USE = 8;
  private static final VarHandle WORD =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final Arena arena;
  private final ByteBuffer words;

  private Tail(Arena arena, ByteBuffer words) {
    this.arena = arena;
    this.words = words;
  }

  /** The size of a file with so much data and a tail. */
  static long withTail(long bytes) {
    return (bytes + BYTES - 1) / BYTES * BYTES + BYTES;
  }

  /** Of a file of this size. */
  static Tail map(FileChannel channel, long fileBytes) throws IOException {
    if (fileBytes < BYTES || fileBytes % BYTES != 0)
      throw new IOException("shared memory of " + fileBytes + " bytes has no tail");
    Arena arena = Arena.ofShared();
    try {
      return new Tail(
          arena, channel.map(MapMode.READ_WRITE, fileBytes - BYTES, BYTES, arena).asByteBuffer());
    } catch (IOException | RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  /** Counts a mapping of another process; false, and not counted, if this is another use. */
  boolean enter(long use) {
    long _ = (long) WORD.getAndAdd(words, USERS, 1L);
    if ((long) WORD.getVolatile(words, USE) == use) return true;
    exit();
    return false;
  }

  /** That mapping is gone, and this is not needed any more. */
  void leave() {
    exit();
    close();
  }

  void exit() {
    long _ = (long) WORD.getAndAdd(words, USERS, -1L);
  }

  void use(long use) {
    WORD.setVolatile(words, USE, use);
  }

  /** Whether other processes have it now. */
  boolean isUsed() {
    return (long) WORD.getVolatile(words, USERS) != 0;
  }

  void close() {
    arena.close();
  }
}
