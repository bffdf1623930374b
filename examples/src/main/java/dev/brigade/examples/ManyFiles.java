package dev.brigade.examples;

import dev.brigade.task.FanOut;
import dev.brigade.task.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Many files read and written at once. (Python: {@code aiofiles}.) */
final class ManyFiles {
  private static final int FILES = 120;
  private static final int AT_ONCE = 16;

  private ManyFiles() {}

  static void main() throws Exception {
    Examples.runHere("files");
  }

  static void copyAll(List<Path> files, Path target, FanOut how, Timeline open, Meeting meeting)
      throws IOException, InterruptedException {
    // The limit bounds the open files: two for each copy in progress, one read and one written.
    how.forEach(
        files,
        file -> {
          try (var in = Files.newInputStream(file);
              var out = Files.newOutputStream(target.resolve(file.getFileName()));
              var _ = open.busy("read " + file);
              var _ = open.busy("write " + file)) {
            meeting.arrive();
            in.transferTo(out);
          }
        });
  }

  static void show(Report report) throws Exception {
    check(report, Tasks.limit(AT_ONCE), Meeting.of(AT_ONCE));
  }

  static void check(Report report, FanOut how, Meeting meeting) throws Exception {
    Path folder = Files.createTempDirectory("brigade-files");
    try {
      Path target = Files.createDirectory(folder.resolve("copies"));
      List<Path> files = write(folder);
      var open = new Timeline();
      copyAll(files, target, how, open, meeting);
      int same = 0;
      for (Path file : files)
        if (Files.mismatch(file, target.resolve(file.getFileName())) == -1) same++;
      report.equal("copies with the same bytes", FILES, same);
      report.equal("files open at once", 2 * AT_ONCE, open.peak());
    } finally {
      delete(folder);
    }
  }

  private static List<Path> write(Path folder) throws IOException {
    var random = new Random(17);
    var files = new ArrayList<Path>();
    for (int i = 0; i < FILES; i++) {
      byte[] bytes = new byte[random.nextInt(20_000)];
      random.nextBytes(bytes);
      files.add(Files.write(folder.resolve("file" + i), bytes));
    }
    return files;
  }

  private static void delete(Path folder) throws IOException {
    try (var all = Files.walk(folder)) {
      for (Path p : all.toList().reversed()) Files.delete(p);
    }
  }
}
