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
 *
 * Guards: OPEN, references: the lock of the class. Under it only the opening and mapping of files.
 *
 * Sizes: writing 64 MiB in pieces takes 23 ms, nearly all of it for the kernel's pages; through the
 * mapping it takes 43, page by page. Populating a mapping ahead gains nothing.
 */
/** Memory that several processes can map. It has no name where there is another way. */
public final class SharedMemory {
  private static final long OWN = ProcessHandle.current().pid();
  private static final int PIECE = 256 << 10;
  private static final Map<Key, SharedMemory> OPEN = new HashMap<>();

  private record Key(long device, long inode, String path) {
    static Key of(Address a) {
      return new Key(a.device(), a.inode(), a.path());
    }
  }

  private final Holder holder;
  private final Address address;
  private int references = 1;

  private SharedMemory(Holder holder, Address address) {
    this.holder = holder;
    this.address = address;
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
    Room.check(bytes);
    Holder holder = Kind.BEST.create(bytes);
    try {
      fill(holder, bytes, content);
      holder.seal();
      Descriptors.File file = holder.fd() < 0 ? null : Descriptors.file(holder.path());
      return file == null
          ? hold(holder, 0, 0, bytes)
          : hold(holder, file.device(), file.inode(), bytes);
    } catch (IOException | RuntimeException | Error e) {
      holder.close();
      throw e;
    }
  }

  private static SharedMemory hold(Holder holder, long device, long inode, long bytes) {
    String path = holder.fd() < 0 ? holder.path().toString() : "";
    var address = new Address(OWN, holder.fd(), device, inode, bytes, path);
    var made = new SharedMemory(holder, address);
    synchronized (SharedMemory.class) {
      OPEN.put(Key.of(address), made);
    }
    return made;
  }

  private static void fill(Holder holder, long bytes, @Nullable MemorySegment content)
      throws IOException {
    if (bytes == 0) return;
    if (content == null && holder instanceof Memfd memory) {
      memory.allocate(bytes);
      return;
    }
    long _ =
        Uninterrupted.call(() -> {
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
      if (address.fd() < 0) return hold(NamedFile.of(path), 0, 0, address.bytes());
      FileChannel keeper =
          FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        int fd = Descriptors.of(address.device(), address.inode());
        return hold(new Opened(keeper, fd), address.device(), address.inode(), address.bytes());
      } catch (IOException | RuntimeException | Error e) {
        keeper.close();
        throw e;
      }
    }
  }

  /** A part of it, for as long as the arena lives; needs no descriptor, and holds none. */
  public static MemorySegment map(
      Address address, long peer, long offset, long bytes, boolean readOnly, Arena arena)
      throws IOException {
    synchronized (SharedMemory.class) {
      SharedMemory known = known(address);
      Path path = known != null ? known.holder.path() : check(address, peer);
      return Uninterrupted.call(() -> {
        try (FileChannel channel =
            readOnly
                ? FileChannel.open(path, StandardOpenOption.READ)
                : FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
          // A mapping beyond the end would be a fault at use.
          if (channel.size() != address.bytes())
            throw new IOException(
                "shared memory of "
                    + address.bytes()
                    + " bytes has "
                    + channel.size()
                    + ": it is not what was sent");
          return channel.map(
              readOnly ? MapMode.READ_ONLY : MapMode.READ_WRITE, offset, bytes, arena);
        }
      });
    }
  }

  private static @Nullable SharedMemory known(Address address) throws IOException {
    SharedMemory known = OPEN.get(Key.of(address));
    if (known != null && known.address.bytes() != address.bytes())
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

  /** Lets go of it once; with the last, others can't open it any more. */
  public void release() {
    synchronized (SharedMemory.class) {
      if (references == 0) throw new IllegalStateException("shared memory was released too often");
      if (--references > 0) return;
      OPEN.remove(Key.of(address));
      holder.close();
      if (holder.fd() >= 0) Descriptors.closed(holder.fd());
    }
  }

  /** How many are held in this process. */
  static int held() {
    synchronized (SharedMemory.class) {
      return OPEN.size();
    }
  }
}
