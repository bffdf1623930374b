package dev.brigade.cli.primes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Chooses the bytes of a segment: half of the second-level cache, so that the tables and positions
 * fit beside it.
 */
final class SegmentSize {

  static final int DEFAULT_BYTES = 256 << 10;
  static final int MIN_BYTES = 128 << 10;
  static final int MAX_BYTES = 512 << 10;

  private static final Path LINUX_CACHES = Path.of("/sys/devices/system/cpu/cpu0/cache");

  private SegmentSize() {}

  /** The size for this machine, or {@link #DEFAULT_BYTES} where it does not tell its caches. */
  static int detect() {
    return detect(LINUX_CACHES);
  }

  static int detect(Path caches) {
    try {
      for (int index = 0; Files.isDirectory(caches.resolve("index" + index)); index++) {
        Path cache = caches.resolve("index" + index);
        if (Files.readString(cache.resolve("level")).strip().equals("2")) {
          int half = parseBytes(Files.readString(cache.resolve("size")).strip()) / 2;
          return Integer.highestOneBit(Math.clamp(half, MIN_BYTES, MAX_BYTES));
        }
      }
    } catch (IOException | NumberFormatException unreadable) {
      // Only speed depends on it.
    }
    return DEFAULT_BYTES;
  }

  /** Parses the kernel's form, for example {@code 1024K}. */
  private static int parseBytes(String size) {
    if (size.endsWith("M")) {
      return Math.multiplyExact(Integer.parseInt(size, 0, size.length() - 1, 10), 1 << 20);
    }
    if (size.endsWith("K")) {
      return Math.multiplyExact(Integer.parseInt(size, 0, size.length() - 1, 10), 1 << 10);
    }
    return Integer.parseInt(size);
  }
}
