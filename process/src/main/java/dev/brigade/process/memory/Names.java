package dev.brigade.process.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Names of files that hold shared memory: whose they are, and nothing else like them. */
final class Names {
  static final String PREFIX = "brigade-shared-";
  private static final long OWN = ProcessHandle.current().pid();
  private static final AtomicLong COUNT = new AtomicLong();

  private Names() {}

  /**
   * One that was not there before.
   *
   * @param kind what it is for, in small letters, to tell them apart when looking
   */
  static String next(String kind) {
    long unlike = ThreadLocalRandom.current().nextLong();
    return PREFIX + OWN + '-' + kind + COUNT.incrementAndGet() + '-' + Long.toHexString(unlike);
  }

  /** Whose file this is, or -1 if it is not one of these. */
  static long pid(Path path) {
    String name = path.getFileName().toString();
    if (!name.matches(PREFIX + "[0-9]{1,18}-[a-z]*[0-9]+-[0-9a-f]+")) return -1;
    return Long.parseLong(name.substring(PREFIX.length(), name.indexOf('-', PREFIX.length())));
  }

  /** Removes what a process that is gone has left behind; not that of another user. */
  static void deleteIfDead(Path path) {
    long pid = pid(path);
    if (pid < 0 || ProcessHandle.of(pid).isPresent()) return;
    try {
      if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) Files.deleteIfExists(path);
    } catch (IOException notOurs) {
      // A sticky folder refuses: whose it is removes it.
    }
  }
}
