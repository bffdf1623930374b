package dev.brigade.storm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Every start of a task, written down by the worker itself: one line, appended at once. */
final class Starts {
  /**
   * A start.
   *
   * @param nanos by the clock that all processes of a machine share
   */
  record Start(int id, long pid, long nanos) {}

  private final Path file;

  Starts(Path file) throws IOException {
    this.file = Files.createFile(file);
  }

  String file() {
    return file.toString();
  }

  /** In the worker. */
  static void add(String file, int id) throws IOException {
    String line = id + " " + ProcessHandle.current().pid() + " " + System.nanoTime() + "\n";
    try (var channel =
        FileChannel.open(Path.of(file), StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      int unused = channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)));
    }
  }

  Map<Integer, List<Start>> read() throws IOException {
    Map<Integer, List<Start>> all = new HashMap<>();
    for (String line : Files.readAllLines(file)) {
      String[] parts = line.split(" ");
      var start =
          new Start(Integer.parseInt(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]));
      all.computeIfAbsent(start.id, i -> new ArrayList<>()).add(start);
    }
    return all;
  }
}
