package dev.brigade.process.memory;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A file in memory whose name is removed in the moment it is opened, so that the kernel frees it
 * with its last descriptor and mapping, however the processes end. A process that is killed between
 * the two leaves an empty file, which the next process of the same user that makes one of these
 * removes.
 */
final class UnlinkedFile implements Holder {
  private static final String MEMORY = "/dev/shm";
  private static boolean swept;

  // Only to be closed: any other use would let an interrupt close it.
  private final FileChannel keeper;
  private final int fd;

  private UnlinkedFile(FileChannel keeper, int fd) {
    this.keeper = keeper;
    this.fd = fd;
  }

  /** Empty, in a folder that has room for so many bytes. */
  static UnlinkedFile create(long bytes) throws IOException {
    return create(bytes, "");
  }

  static UnlinkedFile create(long bytes, String kind) throws IOException {
    Path folder = folder(bytes);
    String name = Names.next(kind);
    FileChannel keeper =
        FileChannel.open(
            folder.resolve(name),
            Set.of(
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      return new UnlinkedFile(keeper, Descriptors.named(name));
    } catch (IOException | RuntimeException | Error e) {
      keeper.close();
      throw e;
    }
  }

  static boolean hasRoomInMemory(long bytes) {
    return new File(MEMORY).getUsableSpace() > bytes;
  }

  private static Path folder(long bytes) throws IOException {
    var memory = new File(MEMORY);
    String disk = System.getProperty("java.io.tmpdir");
    if (hasRoomInMemory(bytes)) {
      sweep(memory.toPath());
      return memory.toPath();
    }
    if (new File(disk).getUsableSpace() > bytes) return Path.of(disk);
    throw new IOException(
        "no room for "
            + bytes
            + " bytes of shared memory: "
            + MEMORY
            + " has "
            + memory.getUsableSpace()
            + " left, and "
            + disk
            + " not enough either; with --enable-native-access="
            + (UnlinkedFile.class.getModule().isNamed() ? "dev.brigade.process" : "ALL-UNNAMED")
            + " no file system is needed");
  }

  private static void sweep(Path folder) throws IOException {
    synchronized (UnlinkedFile.class) {
      if (swept) return;
      swept = true;
    }
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, Names.PREFIX + "*")) {
      for (Path path : left) Names.deleteIfDead(path);
    }
  }

  @Override
  public int fd() {
    return fd;
  }

  @Override
  public Path path() {
    return Descriptors.own(fd);
  }

  @Override
  public void seal() {}

  @Override
  public void close() {
    try {
      keeper.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
