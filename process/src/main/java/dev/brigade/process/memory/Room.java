package dev.brigade.process.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether the machine has so much memory left. The kernel promises shared memory that it does not
 * have, and then kills a process: asking first turns a gross mistake into an exception.
 */
final class Room {
  private static final Path MACHINE = Path.of("/proc/meminfo");
  private static final Path GROUP = Path.of("/sys/fs/cgroup");

  /** Less than this is not worth the question, which takes some 50 µs. */
  private static final long SMALL = 4L << 20;

  private Room() {}

  static void check(long bytes) throws IOException {
    if (bytes < SMALL) return;
    long free = free();
    if (bytes > free)
      throw new IOException(
          "no room for " + bytes + " bytes of shared memory: about " + free + " are free");
  }

  /** A guess, or the largest number where nothing is known. */
  static long free() {
    return Math.min(machine(MACHINE), group(GROUP));
  }

  static long machine(Path info) {
    long kilobytes = field(info, "MemAvailable:");
    return kilobytes < 0 ? Long.MAX_VALUE : kilobytes * 1024;
  }

  /** What the container may still use; what it only caches counts as free. */
  static long group(Path folder) {
    long most = number(folder.resolve("memory.max"));
    long now = number(folder.resolve("memory.current"));
    if (most < 0 || now < 0) return Long.MAX_VALUE;
    long cached = Math.max(0, field(folder.resolve("memory.stat"), "inactive_file"));
    return Math.max(0, most - now + cached);
  }

  private static long number(Path file) {
    try {
      String text = Files.readString(file).strip();
      return text.equals("max") ? Long.MAX_VALUE : Long.parseLong(text);
    } catch (IOException | NumberFormatException e) {
      return -1;
    }
  }

  private static long field(Path file, String name) {
    try {
      for (String line : Files.readAllLines(file))
        if (line.startsWith(name))
          return Long.parseLong(line.substring(name.length()).replace("kB", "").strip());
    } catch (IOException | NumberFormatException e) {
      return -1;
    }
    return -1;
  }
}
