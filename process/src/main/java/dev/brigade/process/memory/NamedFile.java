package dev.brigade.process.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where descriptors of other processes can't be opened: a file with a name in the folder for
 * temporary files, for this user only. It is removed when it is released or the process exits; a
 * process that is killed leaves it to the next one.
 */
final class NamedFile implements Holder {
  private static final Set<Path> LIVE = ConcurrentHashMap.newKeySet();
  private static boolean prepared;
  private final Path path;

  private NamedFile(Path path) {
    this.path = path;
  }

  static NamedFile create() throws IOException {
    return new NamedFile(made((path, folder) -> Files.createFile(path, onlyMine(folder))));
  }

  /** A second name for what another process made, so that it stays when that lets go. */
  static NamedFile of(Path other) throws IOException {
    return new NamedFile(made((path, _) -> Files.createLink(path, other)));
  }

  private interface Making {
    void make(Path path, Path folder) throws IOException;
  }

  private static Path made(Making making) throws IOException {
    Path folder = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
    prepare(folder);
    Path path = folder.resolve(Names.next(""));
    LIVE.add(path);
    try {
      making.make(path, folder);
    } catch (IOException e) {
      LIVE.remove(path);
      throw e;
    }
    return path;
  }

  private static FileAttribute<?>[] onlyMine(Path folder) {
    // Elsewhere the folder for temporary files is the user's own.
    if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix"))
      return new FileAttribute<?>[0];
    return new FileAttribute<?>[] {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
    };
  }

  private static synchronized void prepare(Path folder) throws IOException {
    if (prepared) return;
    prepared = true;
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> LIVE.forEach(NamedFile::delete), "brigade-shared-files"));
    try (var left = Files.newDirectoryStream(folder, Names.PREFIX + "*")) {
      for (Path path : left) Names.deleteIfDead(path);
    }
  }

  @Override
  public int fd() {
    return -1;
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public void seal() {}

  @Override
  public void close() {
    LIVE.remove(path);
    delete(path);
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // Windows keeps it while it is mapped; the next process removes it.
    }
  }
}
