package dev.brigade.process.memory;

import dev.brigade.annotation.CheckReturnValue;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/*
 * Design. A descriptor that this process holds open, counted; others of the same user open it by
 * way of /proc/<pid>/fd/<n> while it is held, and then have it for themselves.
 *
 * Invariants.
 *  S1 At most one of these exists for one inode in this process, so that a search for the inode
 *     among the own descriptors finds the one that is held. Channels that are opened for a moment
 *     to map are opened and closed under the lock, so the search doesn't see them either.
 *  S2 The file is as long as the address says, and all its pages are there, before anybody maps it:
 *     else a full file system would show as a fault at first use.
 *  S3 The holder is closed once, when the last reference goes; nothing is retained after that.
 *  S4 Memory is used again only when no mapping of it is left, here (references) or elsewhere (its
 *     tail), and nobody can open it by an address that was told before.
 *
 * Guards: OPEN, SPARES, sweeping, references, mayBeUsedHere: the lock of the class. Under it only the opening and mapping of files.
 *
 * Sizes: writing 64 MiB in pieces takes 23 ms, nearly all of it for the kernel's pages; through the
 * mapping it takes 43, page by page. Populating a mapping ahead gains nothing.
 */
/** Memory that several processes can map. It has no name where there is another way. */
public final class SharedMemory {
  private static final long OWN = ProcessHandle.current().pid();
  private static final int PIECE = 256 << 10;
  private static final long FIRST_USE = 1;
  private static final Map<Key, SharedMemory> OPEN = new HashMap<>();
  private static final Spares SPARES = new Spares();
  private static boolean sweeping;

  private record Key(long device, long inode, String path) {
    static Key of(Address a) {
      return new Key(a.device(), a.inode(), a.path());
    }
  }

  private final Holder holder;
  private final Address address;
  private final long size;
  private final @Nullable Tail tail;
  private final boolean foreign;
  private int references = 1;
  private boolean mayBeUsedHere;

  private SharedMemory(
      Holder holder, Address address, long size, @Nullable Tail tail, boolean foreign) {
    this.holder = holder;
    this.address = address;
    this.size = size;
    this.tail = tail;
    this.foreign = foreign;
  }

  /**
   * New memory, all zero.
   *
   * @throws IOException if there is not so much, or no descriptor is left
   */
  @CheckReturnValue
  public static SharedMemory allocate(long bytes) throws IOException {
    return create(bytes, null);
  }

  /** New memory with this content. */
  @CheckReturnValue
  public static SharedMemory copyOf(MemorySegment content) throws IOException {
    return create(content.byteSize(), content);
  }

  private static SharedMemory create(long bytes, @Nullable MemorySegment content)
      throws IOException {
    SharedMemory again = again(bytes, content);
    if (again != null) return again;
    try {
      return createAnew(bytes, content);
    } catch (IOException e) {
      synchronized (SharedMemory.class) {
        if (!SPARES.dropAll()) throw e;
      }
      return createAnew(bytes, content);
    }
  }

  private static @Nullable SharedMemory again(long bytes, @Nullable MemorySegment content)
      throws IOException {
    if (!Spares.worthKeeping(bytes)) return null;
    Spares.Spare spare;
    synchronized (SharedMemory.class) {
      spare = SPARES.take(bytes);
    }
    if (spare == null) return null;
    try {
      write(spare.holder(), bytes, content);
    } catch (IOException | RuntimeException | Error e) {
      spare.close();
      throw e;
    }
    return hold(new SharedMemory(spare.holder(), spare.address(), bytes, spare.tail(), false));
  }

  private static SharedMemory createAnew(long bytes, @Nullable MemorySegment content)
      throws IOException {
    Room.check(bytes);
    // What is only kept must not drive others out of memory, on to a disk.
    if (Kind.BEST == Kind.UNLINKED && !UnlinkedFile.hasRoomInMemory(bytes)) dropSpares();
    Holder holder = Kind.BEST.create(bytes);
    Tail tail = null;
    try {
      boolean tailed = holder.fd() >= 0 && Spares.worthKeeping(bytes);
      long fileBytes = tailed ? Tail.withTail(bytes) : bytes;
      if (content == null && holder instanceof Memfd memory) memory.allocate(fileBytes);
      else write(holder, bytes, content);
      if (tailed) tail = addTail(holder, fileBytes);
      holder.seal();
      return hold(
          new SharedMemory(
              holder, address(holder, fileBytes, tailed ? FIRST_USE : 0), bytes, tail, false));
    } catch (IOException | RuntimeException | Error e) {
      if (tail != null) tail.close();
      holder.close();
      throw e;
    }
  }

  private static Tail addTail(Holder holder, long fileBytes) throws IOException {
    return Uninterrupted.elsewhere(() -> {
      try (FileChannel channel =
          FileChannel.open(holder.path(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        var zeros = ByteBuffer.allocate(Tail.BYTES);
        while (zeros.hasRemaining()) {
          int _ = channel.write(zeros, fileBytes - zeros.remaining());
        }
        Tail tail = Tail.map(channel, fileBytes);
        tail.use(FIRST_USE);
        return tail;
      }
    });
  }

  private static Address address(Holder holder, long fileBytes, long use) throws IOException {
    if (holder.fd() < 0) return new Address(OWN, -1, 0, 0, fileBytes, 0, holder.path().toString());
    Descriptors.File file = Descriptors.file(holder.path());
    if (file == null) throw new IOException("shared memory is not a regular file here");
    return new Address(OWN, holder.fd(), file.device(), file.inode(), fileBytes, use, "");
  }

  private static SharedMemory hold(SharedMemory made) {
    synchronized (SharedMemory.class) {
      OPEN.put(Key.of(made.address), made);
    }
    return made;
  }

  private static void write(Holder holder, long bytes, @Nullable MemorySegment content)
      throws IOException {
    if (bytes == 0) return;
    long _ =
        Uninterrupted.again(() -> {
          try (FileChannel channel = FileChannel.open(holder.path(), StandardOpenOption.WRITE);
              Arena arena = Arena.ofConfined()) {
            MemorySegment piece = arena.allocate(Math.min(bytes, PIECE));
            for (long at = 0; at < bytes; ) {
              long count = Math.min(piece.byteSize(), bytes - at);
              if (content != null) MemorySegment.copy(content, at, piece, 0, count);
              ByteBuffer buffer = piece.asSlice(0, count).asByteBuffer();
              while (buffer.hasRemaining()) at += channel.write(buffer, at);
            }
            return bytes;
          }
        });
  }

  /**
   * Memory of another process, or again that of this one, to be held here.
   *
   * @param peer the process that the address came from; it may tell of its own memory and of ours
   * @throws IOException if it isn't there any more, or isn't what the address says
   */
  @CheckReturnValue
  public static SharedMemory open(Address address, long peer) throws IOException {
    synchronized (SharedMemory.class) {
      SharedMemory known = known(address);
      if (known != null) {
        known.references++;
        return known;
      }
      Path path = check(address, peer);
      if (address.fd() < 0) {
        var holder = NamedFile.of(path);
        long bytes = address.bytes();
        return hold(new SharedMemory(holder, address(holder, bytes, 0), bytes, null, true));
      }
      Tail tail = enter(address, path);
      FileChannel keeper = null;
      try {
        keeper = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        var holder = new Opened(keeper, Descriptors.of(address.device(), address.inode()));
        long size = address.bytes() - (tail == null ? 0 : Tail.BYTES);
        Address here = address(holder, address.bytes(), address.use());
        return hold(new SharedMemory(holder, here, size, tail, true));
      } catch (IOException | RuntimeException | Error e) {
        if (keeper != null) keeper.close();
        if (tail != null) tail.leave();
        throw e;
      }
    }
  }

  /** Counts a mapping of memory that another process made; null if that one doesn't ask for it. */
  static @Nullable Tail enter(Address address, long peer) throws IOException {
    if (address.use() == 0) return null;
    synchronized (SharedMemory.class) {
      SharedMemory known = known(address);
      if (known != null && !known.foreign) return null;
      return enter(address, known != null ? known.holder.path() : check(address, peer));
    }
  }

  private static @Nullable Tail enter(Address address, Path path) throws IOException {
    if (address.use() == 0) return null;
    Tail tail =
        Uninterrupted.elsewhere(() -> {
          try (FileChannel channel =
              FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            checkSize(channel, address);
            return Tail.map(channel, address.bytes());
          }
        });
    if (tail.enter(address.use())) return tail;
    tail.close();
    throw gone(address, null);
  }

  private static void checkSize(FileChannel channel, Address address) throws IOException {
    long bytes = channel.size();
    if (bytes != address.bytes())
      throw new IOException(
          "shared memory of "
              + address.bytes()
              + " bytes has "
              + bytes
              + ": it is not what was sent");
  }

  /** A part of it, for as long as the arena lives; needs no descriptor, and holds none. */
  public static MemorySegment map(
      Address address, long peer, long offset, long bytes, boolean readOnly, Arena arena)
      throws IOException {
    synchronized (SharedMemory.class) {
      SharedMemory known = known(address);
      Path path = known != null ? known.holder.path() : check(address, peer);
      return Uninterrupted.elsewhere(() -> {
        try (FileChannel channel =
            readOnly
                ? FileChannel.open(path, StandardOpenOption.READ)
                : FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
          // A mapping beyond the end would be a fault at use.
          checkSize(channel, address);
          return channel.map(
              readOnly ? MapMode.READ_ONLY : MapMode.READ_WRITE, offset, bytes, arena);
        }
      });
    }
  }

  private static @Nullable SharedMemory known(Address address) throws IOException {
    SharedMemory known = OPEN.get(Key.of(address));
    if (known == null) return null;
    if (known.address.use() != address.use()) throw gone(address, null);
    if (known.address.bytes() != address.bytes())
      throw new IOException(
          "shared memory of " + known.address.bytes() + " bytes is said to be " + address.bytes());
    return known;
  }

  /** Where to open what another process tells of. */
  private static Path check(Address address, long peer) throws IOException {
    if (address.pid() == OWN) throw gone(address, null);
    if (address.pid() != peer)
      throw new IOException(
          "process " + peer + " told of shared memory of process " + address.pid());
    if (address.fd() < 0) return checkNamed(address, peer);
    Path path = Descriptors.of(address.pid(), address.fd());
    Descriptors.File file;
    try {
      file = Descriptors.file(path);
    } catch (NoSuchFileException e) {
      throw gone(address, e);
    }
    if (file == null || file.inode() != address.inode() || file.device() != address.device())
      throw gone(address, null);
    return path;
  }

  private static Path checkNamed(Address address, long peer) throws IOException {
    Path path = Path.of(address.path());
    if (Names.pid(path) != peer || !path.isAbsolute())
      throw new IOException("not a name of shared memory of process " + peer + ": " + path);
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) throw gone(address, null);
    return path;
  }

  private static IOException gone(Address address, @Nullable Throwable cause) {
    return new IOException(
        "shared memory of process " + address.pid() + " was released before it was opened", cause);
  }

  /** How much there is for data. */
  long size() {
    return size;
  }

  /** Where others find it while it is held. */
  public Address address() {
    return address;
  }

  /**
   * Holds it once more.
   *
   * @return false if it was released already
   */
  @CheckReturnValue
  public boolean retain() {
    synchronized (SharedMemory.class) {
      if (references == 0) return false;
      references++;
      return true;
    }
  }

  /** A channel still uses it here, although it was closed: it must not be used again. */
  void mayBeUsedHere() {
    synchronized (SharedMemory.class) {
      mayBeUsedHere = true;
    }
  }

  /** Lets go of it once; with the last, others can't open it any more. */
  public void release() {
    synchronized (SharedMemory.class) {
      if (references == 0) throw new IllegalStateException("shared memory was released too often");
      if (--references > 0) return;
      OPEN.remove(Key.of(address));
      if (tail != null) {
        if (foreign) tail.leave();
        else if (spare(tail)) return;
        else tail.close();
      }
      holder.close();
      if (holder.fd() >= 0) Descriptors.closed(holder.fd());
    }
  }

  private boolean spare(Tail unused) {
    // Whoever has it may send it on by its address, and so the use must stay what it is.
    if (mayBeUsedHere || unused.isUsed()) return false;
    // In this order: see there.
    unused.use(address.use() + 1);
    if (unused.isUsed()) {
      unused.use(address.use());
      return false;
    }
    Address next =
        new Address(
            OWN,
            address.fd(),
            address.device(),
            address.inode(),
            address.bytes(),
            address.use() + 1,
            "");
    if (!sweeping) {
      sweeping = true;
      Thread _ = Thread.ofVirtual().name("brigade-spare-memory").start(SharedMemory::sweep);
    }
    SPARES.add(new Spares.Spare(holder, unused, next, System.nanoTime()));
    return true;
  }

  private static void sweep() {
    try {
      while (true) {
        Thread.sleep(Duration.ofNanos(Spares.KEEP_NANOS));
        synchronized (SharedMemory.class) {
          SPARES.dropOlderThan(Spares.KEEP_NANOS, System.nanoTime());
          sweeping = !SPARES.isEmpty();
          if (!sweeping) return;
        }
      }
    } catch (InterruptedException e) {
      synchronized (SharedMemory.class) {
        sweeping = false;
        boolean _ = SPARES.dropAll();
      }
    }
  }

  /** Frees what is kept to be used again. */
  public static void dropSpares() {
    synchronized (SharedMemory.class) {
      boolean _ = SPARES.dropAll();
    }
  }

  /** How many are held in this process. */
  static int held() {
    synchronized (SharedMemory.class) {
      return OPEN.size();
    }
  }
}
