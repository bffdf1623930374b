package dev.brigade.examples;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A {@link Meeting} of several processes: each leaves a file in a folder and waits until as many
 * are there as are expected, or until the patience is over.
 */
record Gathering(String folder, int expected) implements Serializable {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

  static Gathering of(int expected) throws IOException {
    return new Gathering(Files.createTempDirectory("gathering").toString(), expected);
  }

  /** Returns whether all came. */
  boolean arrive() throws IOException, InterruptedException {
    long givesUp = System.nanoTime() + PATIENCE;
    Path own = Files.createFile(Path.of(folder, UUID.randomUUID().toString()));
    while (count() < expected) {
      if (givesUp - System.nanoTime() < 0) return false;
      TimeUnit.MILLISECONDS.sleep(1);
    }
    return Files.exists(own);
  }

  private long count() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(folder))) {
      return files.count();
    }
  }

  /** Removes the folder. */
  void close() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(folder))) {
      for (Path f : files.toList()) Files.delete(f);
    }
    Files.delete(Path.of(folder));
  }
}
