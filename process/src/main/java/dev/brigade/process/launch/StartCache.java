package dev.brigade.process.launch;

import dev.brigade.task.Work;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.CodeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/*
 * Design. The JVM takes a cache (JEP 483) if the class path it was made with is the beginning of its
 * own. So it is made of this library's two jars alone, a worker gets them in front of the program's class
 * path, and one file does for all programs of a user. In this JDK a class path with folders can't be
 * recorded, but may follow.
 *
 * The name of the file says what it is good for: the JDK, the two jars, and the worker's options but
 * for those that make no difference to it. A JVM that gets the wrong one takes it in part, slowly.
 *
 * Invariants.
 *  C1 Under its name there is a whole file or none: it is made elsewhere, written beside, moved over.
 *  C2 It is made under the lock of its folder, by one program at a time; the kernel frees the lock of
 *     one that dies. What such a one left beside goes when the next one has the lock.
 *  C3 It holds code, so its folder must be this user's and writable by nobody else.
 *  C4 This JVM fails once, or is stopped three times. A worker that dies of a cache, as far as one can tell, is the last to get it.
 *
 * Guards: `phase`: compare-and-set; `tries`: who has moved the phase to MAKING; `why`: volatile, said
 * before the phase.
 */
/**
 * Classes of a worker, loaded and linked beforehand, in a file that the JVM maps when it starts.
 */
public final class StartCache {
  private static final Map<Path, StartCache> ALL = new ConcurrentHashMap<>();
  private static final String PREFIX = "worker-";
  private static final String SUFFIX = ".aot";
  private static final String UNFINISHED = ".part";
  private static final Duration TOUCH_AFTER = Duration.ofDays(1);
  private static final Duration FORGET_AFTER = Duration.ofDays(60);

  /** As many as a few JDKs and kinds of workers need; each new build of the library adds one. */
  private static final int MOST = 8;

  private static final int WRITABLE_BY_OTHERS = 022;

  /** Make no difference to what is in it, but differ from program to program. */
  private static final List<String> INDIFFERENT =
      List.of(
          "-D",
          "-Xlog",
          "-Xmx",
          "-Xms",
          "-Xss",
          "-XX:MaxDirectMemorySize=",
          "-XX:MaxMetaspaceSize=");

  /** The user's own business with such files, or nothing that may happen once more for ours. */
  private static final List<String> FOREIGN =
      List.of(
          "@",
          "-XX:Flags=",
          "-XX:VMOptionsFile=",
          "-XX:AOT",
          "-XX:+AOT",
          "-XX:-AOT",
          "-XX:Shared",
          "-XX:ArchiveClassesAtExit",
          "-XX:+AutoCreateSharedArchive",
          "-XX:StartFlightRecording",
          "-Xshare",
          "-Xdebug",
          "-Xrun",
          "-agent",
          "-javaagent",
          "-Djava.system.class.loader=",
          "--patch-module",
          "--limit-modules",
          "--upgrade-module-path");

  private enum Phase {
    UNTRIED,
    MAKING,
    OVER
  }

  private final Path file;
  private final String prefix;
  private final boolean possible;
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.UNTRIED);
  private volatile String why;
  private volatile boolean refused;

  /** Of who makes it. */
  private int tries = 3;

  /** For tests, and for {@link #of}. */
  StartCache(Path file, String prefix, boolean possible, String why) {
    this.file = file;
    this.prefix = prefix;
    this.possible = possible;
    this.why = why;
  }

  /**
   * What a JVM is to do about it.
   *
   * @param options for the JVM
   * @param prefix the beginning of its class path
   * @param alone whether that is all of it
   */
  public record Use(List<String> options, String prefix, boolean alone) {}

  /** The one for such workers; the same object for the same file. */
  public static StartCache of(Path folder, LaunchSpec spec) {
    String obstacle = null;
    String prefix = "";
    List<String> key = new ArrayList<>();
    List<String> options = Launcher.options(spec);
    for (String variable : OwnArguments.VARIABLES)
      options.addAll(OwnArguments.words(spec.environment().getOrDefault(variable, "")));
    try {
      Set<File> jars = jars();
      key.add(System.getProperty("java.vm.version", "") + System.getProperty("java.home"));
      key.add(stamp(new File(System.getProperty("java.home"), "lib/modules")));
      for (File jar : jars) key.add(stamp(jar));
      prefix = String.join(File.pathSeparator, jars.stream().map(File::getPath).toList());
      for (String option : options) {
        if (startsWithAny(option, FOREIGN)) obstacle = "the option " + option + " excludes it";
        if (!startsWithAny(option, INDIFFERENT)) key.add(option);
      }
    } catch (IOException e) {
      obstacle = e.getMessage();
    }
    Path file =
        folder.resolve(
            PREFIX + Runtime.version().feature() + "-" + Long.toHexString(hash(key)) + SUFFIX);
    if (obstacle != null) return new StartCache(file, "", false, obstacle);
    StartCache fresh = new StartCache(file, prefix, true, "not made yet");
    StartCache known = ALL.putIfAbsent(file, fresh);
    return known == null ? fresh : known;
  }

  private static boolean startsWithAny(String option, List<String> beginnings) {
    for (String b : beginnings) if (option.startsWith(b)) return true;
    return false;
  }

  /** The jars with this library's classes, as a JVM needs them that runs a worker and no task. */
  private static Set<File> jars() throws IOException {
    Set<File> jars = new LinkedHashSet<>();
    if (StartCache.class.getModule().isNamed())
      throw new IOException("this program is on the module path: it works on the class path only");
    for (Class<?> one : new Class<?>[] {Work.class, StartCache.class}) {
      CodeSource source = one.getProtectionDomain().getCodeSource();
      URL location = source == null ? null : source.getLocation();
      File file = null;
      try {
        if (location != null && "file".equals(location.getProtocol()))
          file = new File(location.toURI());
      } catch (URISyntaxException | IllegalArgumentException _) {
        // No file, then.
      }
      if (file == null || !file.isFile() || file.getPath().contains(File.pathSeparator))
        throw new IOException(
            "the library's classes are not in jars, but in " + (file == null ? location : file));
      jars.add(file);
    }
    return jars;
  }

  private static String stamp(File file) {
    return file.getPath() + " " + file.length() + " " + file.lastModified();
  }

  /** FNV-1a with a finish; nobody gains by a collision in a folder of one's own. */
  static long hash(List<String> texts) {
    long h = 0xcbf29ce484222325L;
    for (String text : texts) {
      for (int i = 0; i < text.length(); i++) h = (h ^ text.charAt(i)) * 0x100000001b3L;
      h = (h ^ 0x10000) * 0x100000001b3L;
    }
    h = (h ^ h >>> 32) * 0xd6e8feb86659fd93L;
    return h ^ h >>> 32;
  }

  // ---- using it

  /** What the next worker gets, or null if there is none for it. */
  public @Nullable Use use() {
    if (!possible || refused) return null;
    try {
      BasicFileAttributes is =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!is.isRegularFile() || is.size() == 0) return null;
      String unfit = unfit();
      if (unfit != null) {
        why = unfit;
        return null;
      }
      Instant now = Instant.now();
      // Nobody's failure: without it the file may be made anew one day.
      if (is.lastModifiedTime().toInstant().isBefore(now.minus(TOUCH_AFTER)))
        touch(FileTime.from(now));
    } catch (IOException _) {
      return null;
    }
    why = "used";
    return new Use(quietly("-XX:AOTCache=" + file), prefix, false);
  }

  private void touch(FileTime now) {
    boolean unused = file.toFile().setLastModified(now.toMillis());
  }

  /** A JVM that can't use it says so at length. */
  private static List<String> quietly(String... options) {
    List<String> all = new ArrayList<>(List.of(options));
    all.add("-Xlog:aot*=off:stderr");
    all.add("-Xlog:cds*=off:stderr");
    return all;
  }

  /** A worker with it died as it started: none gets it any more, and the next program a new one. */
  public void refuse() {
    why = "a worker with it died as it started";
    refused = true;
    try {
      boolean unused = Files.deleteIfExists(file);
    } catch (IOException _) {
      // Then it stays for the next program to find out.
    }
  }

  /** What has become of it, in words for the program's author. */
  public String state() {
    return why;
  }

  // ---- making it

  /** What a worker gets that is watched for the cache. */
  public Use record(Path configuration) {
    return new Use(
        quietly("-XX:AOTMode=record", "-XX:AOTConfiguration=" + configuration), prefix, true);
  }

  /** What the JVM gets that makes it of what was recorded. */
  public Use create(Path configuration, Path made) {
    return new Use(
        quietly(
            "-XX:AOTMode=create", "-XX:AOTConfiguration=" + configuration, "-XX:AOTCache=" + made),
        prefix,
        true);
  }

  /** The right to make it, until it is closed. */
  public final class Making implements AutoCloseable {
    private final FileChannel channel;
    private final FileLock lock;
    private @Nullable String failure = "it was given up";
    private boolean again;

    private Making(FileChannel channel, FileLock lock) {
      this.channel = channel;
      this.lock = lock;
    }

    /** Puts what was made where workers look. */
    public void publish(Path made) throws IOException {
      Path part = file.resolveSibling(file.getFileName() + UNFINISHED);
      try {
        Path unused = Files.copy(made, part, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel written = FileChannel.open(part, StandardOpenOption.WRITE)) {
          written.force(true);
        }
        Path unusedToo = Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        failure = null;
      } finally {
        boolean unused = Files.deleteIfExists(part);
      }
    }

    /** Says why it was not made. */
    public void failed(String reason) {
      failure = reason;
    }

    /** It was not made because who made it is not there any more: that is nobody's failure. */
    public void stopped() {
      failure = "the pool was closed meanwhile";
      again = --tries > 0;
    }

    @Override
    public void close() {
      why = failure == null ? "made; used from the next worker on" : "not made: " + failure;
      try (channel) {
        lock.release();
      } catch (IOException _) {
        // Closing frees it as well.
      }
      phase.set(again ? Phase.UNTRIED : Phase.OVER);
    }
  }

  /** The right to make it, or null if it can't or need not be made, or somebody does. */
  public @Nullable Making tryMake() {
    if (!possible || refused || use() != null) return null;
    if (!phase.compareAndSet(Phase.UNTRIED, Phase.MAKING)) return null;
    FileChannel channel = null;
    Phase then = Phase.OVER;
    try {
      makeFolder();
      String unfit = unfit();
      if (unfit != null) throw new IOException(unfit);
      channel =
          FileChannel.open(
              file.resolveSibling("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = lock(channel);
      if (lock != null && use() == null) {
        sweep();
        why = "being made";
        then = Phase.MAKING;
        var making = new Making(channel, lock);
        channel = null;
        return making;
      }
      if (lock == null) why = "another pool or program makes one in this folder";
      // Or has just made it: later workers look again.
      then = Phase.UNTRIED;
      return null;
    } catch (IOException | RuntimeException e) {
      why = "not made: " + e;
      return null;
    } finally {
      if (then != Phase.MAKING) phase.set(then);
      close(channel);
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException _) {
      return null; // Another one of this program's, in the same folder.
    }
  }

  private static void close(@Nullable FileChannel channel) {
    try {
      if (channel != null) channel.close();
    } catch (IOException _) {
      // It goes with this process.
    }
  }

  private Path folder() {
    return Objects.requireNonNull(file.getParent());
  }

  private void makeFolder() throws IOException {
    Path folder = folder();
    if (Files.isDirectory(folder)) return;
    Path parent = folder.getParent();
    if (parent != null) {
      Path unused = Files.createDirectories(parent);
    }
    try {
      Path unused =
          folder.getFileSystem().supportedFileAttributeViews().contains("posix")
              ? Files.createDirectory(
                  folder,
                  PosixFilePermissions.asFileAttribute(
                      PosixFilePermissions.fromString("rwx------")))
              : Files.createDirectory(folder);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder)) throw e;
    }
  }

  /** Why nothing in the folder can be trusted, or null. */
  private @Nullable String unfit() throws IOException {
    Path folder = folder();
    if (!folder.getFileSystem().supportedFileAttributeViews().contains("unix")) return null;
    int mode = (Integer) Files.getAttribute(folder, "unix:mode");
    int uid = (Integer) Files.getAttribute(folder, "unix:uid");
    if (uid != SpawnFolder.Owner.UID) return "its folder belongs to another user: " + folder;
    if ((mode & WRITABLE_BY_OTHERS) != 0) return "its folder can be written by others: " + folder;
    return null;
  }

  /** What a program that died left, and caches that nobody has used for long, or too many. */
  private void sweep() {
    FileTime forgotten = FileTime.from(Instant.now().minus(FORGET_AFTER));
    TreeMap<FileTime, Path> caches = new TreeMap<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder(), PREFIX + "*")) {
      for (Path one : all) {
        String name = one.getFileName().toString();
        if (name.endsWith(UNFINISHED)) {
          boolean unused = Files.deleteIfExists(one);
        } else if (name.endsWith(SUFFIX)) {
          caches.put(Files.getLastModifiedTime(one, LinkOption.NOFOLLOW_LINKS), one);
        }
      }
      while (caches.size() >= MOST
          || !caches.isEmpty() && caches.firstKey().compareTo(forgotten) < 0) {
        boolean unused = Files.deleteIfExists(caches.pollFirstEntry().getValue());
      }
    } catch (IOException | RuntimeException _) {
      // The next one's turn.
    }
  }

  @Override
  public String toString() {
    return file + " (" + why + ")";
  }
}
