package dev.brigade.process.memory;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * This process's descriptors, and those of others, by way of {@code /proc}. The JDK does not say
 * which number a channel has; the kernel gives the lowest that is free, so the one that was found
 * or closed last is a good first guess, before all are looked at.
 */
final class Descriptors {
  private static final Path OWN = Path.of("/proc/self/fd");
  private static final int FILE_TYPE = 0xF000;
  private static final int REGULAR = 0x8000;
  private static volatile int guess;

  /** What a descriptor stands for. */
  record File(long device, long inode, long bytes) {}

  private Descriptors() {}

  static boolean visible() {
    return Files.isDirectory(OWN);
  }

  static Path own(int fd) {
    return OWN.resolve(Integer.toString(fd));
  }

  static Path of(long pid, int fd) {
    return Path.of("/proc", Long.toString(pid), "fd", Integer.toString(fd));
  }

  /** What is there, or null if it is no regular file. */
  static @Nullable File file(Path path) throws IOException {
    Map<String, Object> a = Files.readAttributes(path, "unix:dev,ino,size,mode");
    if ((number(a, "mode") & FILE_TYPE) != REGULAR) return null;
    return new File(number(a, "dev"), number(a, "ino"), number(a, "size"));
  }

  private static long number(Map<String, Object> attributes, String name) {
    return attributes.get(name) instanceof Number n ? n.longValue() : 0;
  }

  /**
   * The descriptor of this process whose link ends with this name, whether it was removed or not.
   */
  static int named(String name) throws IOException {
    return find(path -> {
      try {
        return Files.readSymbolicLink(path).toString().contains(name);
      } catch (IOException e) {
        return false; // closed meanwhile, or not ours to see
      }
    });
  }

  /** The descriptor of this process for this file. */
  static int of(long device, long inode) throws IOException {
    return find(path -> {
      try {
        File f = file(path);
        return f != null && f.inode == inode && f.device == device;
      } catch (IOException e) {
        return false;
      }
    });
  }

  private static int find(Predicate<Path> wanted) throws IOException {
    int first = guess;
    if (wanted.test(own(first))) return found(first);
    try (DirectoryStream<Path> all = Files.newDirectoryStream(OWN)) {
      for (Path path : all)
        if (wanted.test(path)) return found(Integer.parseInt(path.getFileName().toString()));
    }
    throw new IOException("the descriptor of the shared memory is not in " + OWN);
  }

  private static int found(int fd) {
    guess = fd + 1;
    return fd;
  }

  static void closed(int fd) {
    guess = fd;
  }
}
