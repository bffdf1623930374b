package dev.brigade.process.memory;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What a worker has begun, in a file that parent and worker map, so that it is known exactly also
 * after the worker was killed. The file's name may go as soon as both have mapped it.
 *
 * <p>For each lane one claim word: {@code allowed} in the low 16 bits, {@code started} above. The
 * parent adds to allowed for each task that it is about to send. The worker must move one from
 * allowed to started before it runs the next task, and skips the task if it can't. The parent takes
 * back what is allowed, which are the last ones sent, since tasks are begun in the order in which
 * they were sent.
 *
 * <p>And for each lane the answers that have not gone out yet, since several go out together: how
 * many frames had gone before them, and their bytes. So what a task has returned is not lost with a
 * worker that dies in the next one.
 *
 * <p>Invariants, each by compare-and-set on the one word:
 *
 * <ul>
 *   <li>a task that was taken back is never begun, one that was begun is never taken back;
 *   <li>started grows by one for each task that begins, and nothing else changes it;
 *   <li>the parent allows nothing while skipped tasks are still on their way, or one of them would
 *       pass for allowed: the lane sees to it.
 * </ul>
 */
public final class StatusPage {
  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  /** A cache line for the words of a lane. */
  private static final int WORDS = 64;

  /** How many bytes of answers are kept for each lane. */
  public static final int ANSWERS = 8 << 10;

  private static final int SLOT = WORDS + ANSWERS;

  private static final int CLAIM = 0;
  private static final int BEGAN = 8;
  private static final int ITEM = 16;
  private static final int KEPT = 24;
  private static final int SIZE_BITS = 24;

  private static final int ALLOWED_BITS = 16;
  private static final long ALLOWED = (1L << ALLOWED_BITS) - 1;

  private final ByteBuffer page;

  /** For tests and for mappings made elsewhere: direct, eight-byte aligned, all zero. */
  StatusPage(ByteBuffer page) {
    this.page = page;
  }

  /**
   * A new page, to be told to the worker.
   *
   * @param page mapped here
   * @param path where the worker finds it, until {@link #close}
   */
  public record Made(StatusPage page, String path, Closeable keeper) implements Closeable {
    @Override
    public void close() throws IOException {
      keeper.close();
    }
  }

  /** Where a file may be put that has a name. */
  @FunctionalInterface
  public interface Place {
    /** An existing folder. */
    Path path() throws IOException;
  }

  /**
   * Makes a page: without a name, where one process can open another one's descriptors.
   *
   * @param place asked for only if there must be a name
   * @param named whether there must be one in any case
   */
  public static Made create(int lanes, Place place, boolean named) throws IOException {
    if (!named && Descriptors.visible()) {
      UnlinkedFile file = UnlinkedFile.create((long) SLOT * lanes, "status");
      String path = Descriptors.of(ProcessHandle.current().pid(), file.fd()).toString();
      return new Made(open(file.path(), lanes), path, file::close);
    }
    Path file = place.path().resolve("status");
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      return new Made(
          new StatusPage(map(channel, lanes)),
          file.toString(),
          () -> {
            boolean unused = Files.deleteIfExists(file);
          });
    }
  }

  /** Maps what the parent has made. */
  public static StatusPage open(Path file, int lanes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return new StatusPage(map(channel, lanes));
    }
  }

  private static ByteBuffer map(FileChannel channel, int lanes) throws IOException {
    // The form with an arena starts twice as fast as the older one.
    return channel
        .map(FileChannel.MapMode.READ_WRITE, 0, (long) SLOT * lanes, Arena.ofAuto())
        .asByteBuffer();
  }

  /** The words of one lane. */
  public Slot slot(int lane) {
    return new Slot(lane * SLOT);
  }

  /** The words of one lane, for its one parent and its one worker. */
  public final class Slot {
    private final int at;

    private Slot(int at) {
      this.at = at;
    }

    private long claim() {
      return (long) LONG.getVolatile(page, at + CLAIM);
    }

    /** The parent lets so many more tasks begin; at most 65,535 in all. */
    public void allow(int more) {
      long word;
      do {
        word = claim();
        if ((word & ALLOWED) + more > ALLOWED) throw new IllegalStateException("too many at once");
      } while (!LONG.compareAndSet(page, at + CLAIM, word, word + more));
    }

    /**
     * The parent takes back what has not begun.
     *
     * @return how many: the last ones that it had sent
     */
    public int recall() {
      long word;
      do {
        word = claim();
      } while (!LONG.compareAndSet(page, at + CLAIM, word, word & ~ALLOWED));
      return (int) (word & ALLOWED);
    }

    /**
     * The worker begins the next task.
     *
     * @return false if it must be skipped
     */
    public boolean tryBegin(long nowNanos) {
      LONG.setOpaque(page, at + BEGAN, nowNanos);
      while (true) {
        long word = claim();
        if ((word & ALLOWED) == 0) return false;
        if (LONG.compareAndSet(page, at + CLAIM, word, word + (1L << ALLOWED_BITS) - 1))
          return true;
      }
    }

    /** How many tasks may still begin. */
    public int allowed() {
      return (int) (claim() & ALLOWED);
    }

    /** How many tasks have ever begun. */
    public long started() {
      return claim() >>> ALLOWED_BITS;
    }

    /** When the task that began last did so, by the clock that all processes share. */
    public long beganNanos() {
      return (long) LONG.getVolatile(page, at + BEGAN);
    }

    /**
     * The worker says which item of a batch it is about to run.
     *
     * @param ordinal how many tasks had begun when the batch did, itself included
     */
    public void item(long ordinal, int index) {
      LONG.setOpaque(page, at + ITEM, ordinal << 32 | index + 1L);
      // What the item does must not be seen before this.
      VarHandle.storeStoreFence();
    }

    /**
     * The worker keeps answers: bytes that follow those kept before.
     *
     * @param framesBefore how many frames had gone out before the first one that is kept
     * @param from where the first byte goes that was not kept before
     */
    public void keep(long framesBefore, byte[] bytes, int from, int to) {
      page.put(at + WORDS + from, bytes, from, to - from);
      LONG.setRelease(page, at + KEPT, framesBefore << SIZE_BITS | to);
    }

    /** How many frames had gone out before those that {@link #kept} holds. */
    public long framesBeforeKept() {
      return (long) LONG.getVolatile(page, at + KEPT) >>> SIZE_BITS;
    }

    /** The answers that a dead worker had not sent. */
    public byte[] kept() {
      int size = (int) ((long) LONG.getVolatile(page, at + KEPT) & (1 << SIZE_BITS) - 1);
      byte[] bytes = new byte[Math.min(size, ANSWERS)];
      page.get(at + WORDS, bytes);
      return bytes;
    }

    /** How many items of the batch that was the {@code ordinal}-th task to begin have begun. */
    public int itemsBegun(long ordinal) {
      long word = (long) LONG.getVolatile(page, at + ITEM);
      return word >>> 32 == (ordinal & 0xFFFFFFFFL) ? (int) word : 0;
    }
  }
}
