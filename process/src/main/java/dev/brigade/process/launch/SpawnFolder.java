package dev.brigade.process.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/*
 * Design. The name says whose it is: brigade-<uid>-<pid>-<start of that process>-<its pid
 * namespace>-<random>, so that a later JVM can tell from the name alone whether the owner is gone,
 * also when the pid was given out again, and leaves alone those of another container that shares the
 * folder. The base is java.io.tmpdir if the socket's path fits in sockaddr_un (108 bytes on Linux, 104
 * elsewhere; 100 here), otherwise /tmp.
 *
 * Safety. The folder is 0700 and made by mkdir, which fails on whatever already has the name. A base
 * is taken only if nobody else may rename what is in it: it is owned by this user or root, and either
 * not writable by others or sticky. (Folders above the base are not looked at; whoever owns those owns
 * the program's temporary files anyway, and the token and the peer's uid are checked besides.)
 */
/** A private folder for the start of one worker: its socket and what else it is handed by name. */
public final class SpawnFolder {
  private static final String PREFIX = "brigade-";
  private static final int LONGEST_SOCKET_PATH = 100;
  private static final int STICKY = 01000;
  private static final int WRITABLE_BY_OTHERS = 022;
  private static final AtomicBoolean swept = new AtomicBoolean();

  private final Path path;

  private SpawnFolder(Path path) {
    this.path = path;
  }

  /**
   * A new one. The first call in a JVM also clears away, on a thread of its own, those whose owners
   * are gone.
   *
   * @throws IOException if no base is fit, or it is full or read-only
   */
  public static SpawnFolder create() throws IOException {
    List<Path> bases = bases();
    if (!swept.getAndSet(true))
      Thread.ofPlatform().daemon().name("brigade-sweep").start(new Sweep(bases));
    List<String> refused = new ArrayList<>();
    String owned = Owner.HERE;
    for (Path base : bases) {
      String why = unfit(base, owned.length());
      if (why == null) return create(base, owned);
      refused.add(base + " " + why);
    }
    throw new IOException(
        "no folder for a worker's socket: "
            + String.join("; ", refused)
            + ". Set -Djava.io.tmpdir to a short path that only you can write to");
  }

  static SpawnFolder create(Path base, String owned) throws IOException {
    boolean posix = base.getFileSystem().supportedFileAttributeViews().contains("posix");
    while (true) {
      int random = ThreadLocalRandom.current().nextInt() & Integer.MAX_VALUE;
      Path path = base.resolve(owned + Integer.toString(random, Character.MAX_RADIX));
      try {
        if (posix)
          Files.createDirectory(
              path,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        else Files.createDirectory(path);
        return new SpawnFolder(path);
      } catch (FileAlreadyExistsException _) {
        // Another number, then.
      }
    }
  }

  /** Where it is; absolute. */
  public Path path() {
    return path;
  }

  /** Where the socket goes. */
  public Path socket() {
    return path.resolve("s");
  }

  /** Removes it and what is in it; again does nothing. */
  public void delete() {
    delete(path);
  }

  /** The same by its path, as a worker does that finds its parent gone. */
  public static void delete(Path path) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
      for (Path file : files) Files.deleteIfExists(file);
    } catch (IOException _) {
      // Gone already, or with something in it that is not ours: then the folder stays as well.
    }
    try {
      Files.deleteIfExists(path);
    } catch (IOException _) {
      // As above.
    }
  }

  // ---- where

  private static List<Path> bases() {
    var bases = new LinkedHashSet<Path>();
    bases.add(Path.of(System.getProperty("java.io.tmpdir", "/tmp")).toAbsolutePath());
    bases.add(Path.of("/tmp"));
    return List.copyOf(bases);
  }

  /** Why the base can't be taken, or null. */
  static @Nullable String unfit(Path base, int nameLength) {
    int length = base.toString().getBytes(StandardCharsets.UTF_8).length;
    if (length + 1 + nameLength + 6 + 2 > LONGEST_SOCKET_PATH)
      return "is too long for the path of a socket";
    if (!Files.isDirectory(base)) return "is no folder";
    if (!Files.isWritable(base)) return "is not writable";
    if (!base.getFileSystem().supportedFileAttributeViews().contains("unix")) return null;
    try {
      int mode = (Integer) Files.getAttribute(base, "unix:mode");
      int uid = (Integer) Files.getAttribute(base, "unix:uid");
      if (uid != 0 && uid != Owner.UID) return "belongs to another user";
      if ((mode & WRITABLE_BY_OTHERS) != 0 && (mode & STICKY) == 0)
        return "can be written by others and has no sticky bit";
      return null;
    } catch (IOException e) {
      return "can't be looked at: " + e;
    }
  }

  /** What the names of this JVM's folders begin with. */
  static final class Owner {
    static final int UID = uid();
    static final String NAMESPACE = namespace();
    static final String HERE =
        name(ProcessHandle.current().pid(), ProcessFacts.startMark(ProcessHandle.current().pid()));

    private Owner() {}

    static String name(long pid, long startMark) {
      return PREFIX
          + UID
          + "-"
          + pid
          + "-"
          + Long.toString(startMark, Character.MAX_RADIX)
          + "-"
          + NAMESPACE
          + "-";
    }

    private static int uid() {
      for (String of : new String[] {"/proc/self", System.getProperty("user.home", ".")}) {
        try {
          return (Integer) Files.getAttribute(Path.of(of), "unix:uid");
        } catch (IOException | RuntimeException _) {
          // The next.
        }
      }
      return 0;
    }

    private static String namespace() {
      try {
        String link = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
        long inode = Long.parseLong(link.replaceAll("[^0-9]", ""));
        return Long.toString(inode, Character.MAX_RADIX);
      } catch (IOException | RuntimeException _) {
        return "0";
      }
    }
  }

  /** Removes the folders of owners that are gone. */
  record Sweep(List<Path> bases) implements Runnable {
    @Override
    public void run() {
      for (Path base : bases) {
        try (DirectoryStream<Path> all =
            Files.newDirectoryStream(base, PREFIX + Owner.UID + "-*")) {
          for (Path folder : all) if (orphaned(folder)) delete(folder);
        } catch (IOException | RuntimeException _) {
          // Somebody else's turn.
        }
      }
    }

    private static boolean orphaned(Path folder) throws IOException {
      String[] parts = folder.getFileName().toString().split("-");
      if (parts.length != 6 || !parts[4].equals(Owner.NAMESPACE)) return false;
      try {
        long pid = Long.parseLong(parts[2]);
        long startMark = Long.parseLong(parts[3], Character.MAX_RADIX);
        if (ProcessFacts.alive(pid, startMark)) return false;
      } catch (NumberFormatException _) {
        return false;
      }
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) return false;
      if (!folder.getFileSystem().supportedFileAttributeViews().contains("unix")) return true;
      Object uid = Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS);
      return uid.equals(Owner.UID);
    }
  }
}
