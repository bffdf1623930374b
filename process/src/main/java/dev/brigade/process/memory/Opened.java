package dev.brigade.process.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * What another process made, held here too.
 *
 * @param keeper only to be closed: any other use would let an interrupt close it
 */
record Opened(FileChannel keeper, int fd) implements Holder {
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
