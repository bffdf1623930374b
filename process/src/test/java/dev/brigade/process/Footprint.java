package dev.brigade.process;

import dev.brigade.process.memory.SharedMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What this process has of shared memory, as the kernel sees it. */
final class Footprint {
  /** Other builds on this machine have names too. */
  private static final Set<String> OURS = ConcurrentHashMap.newKeySet();

  static {
    watch(ProcessHandle.current().pid());
  }

  private Footprint() {}

  static void watch(long pid) {
    OURS.add("brigade-shared-" + pid + "-");
  }

  /** How many descriptors stand for shared memory. */
  static int descriptors() throws IOException {
    SharedMemory.dropSpares();
    return allOfOurs();
  }

  /** The same with memory that waits to be used again. */
  static int allOfOurs() throws IOException {
    int count = 0;
    try (var all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path p : all) {
        try {
          if (isOurs(Files.readSymbolicLink(p).toString())) count++;
        } catch (IOException e) {
          continue; // that of the listing itself
        }
      }
    }
    return count;
  }

  /** How many descriptors there are. */
  static int allDescriptors() throws IOException {
    int count = 0;
    try (var all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path _ : all) count++;
    }
    return count;
  }

  /** How many bytes are mapped from shared memory. */
  static long mapped() throws IOException {
    SharedMemory.dropSpares();
    long bytes = 0;
    for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
      if (!isOurs(line)) continue;
      String[] range = line.substring(0, line.indexOf(' ')).split("-");
      bytes += Long.parseLong(range[1], 16) - Long.parseLong(range[0], 16);
    }
    return bytes;
  }

  /**
   * The names of this process and its partners in the folders that shared memory may have names in.
   */
  static List<String> names() throws IOException {
    List<String> names = new ArrayList<>();
    for (String folder : List.of("/dev/shm", System.getProperty("java.io.tmpdir")))
      try (var all = Files.newDirectoryStream(Path.of(folder), "brigade-shared-*")) {
        for (Path p : all)
          if (OURS.stream().anyMatch(p.getFileName().toString()::startsWith))
            names.add(p.toString());
      }
    return names;
  }

  private static boolean isOurs(String line) {
    return line.contains("/memfd:brigade")
        || line.contains("brigade-shared-") && !line.contains("-status");
  }
}
