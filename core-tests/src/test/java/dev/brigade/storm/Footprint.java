package dev.brigade.storm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What this process has open, and what it has left lying about. */
final class Footprint {
  private static final Path[] PUBLIC = {
    Path.of("/tmp"), Path.of("/dev/shm"), Path.of(System.getProperty("java.io.tmpdir"))
  };

  private Footprint() {}

  static int descriptors() {
    return list(Path.of("/proc/self/fd")).size();
  }

  /** What the descriptors stand for, and how many for each. */
  static Map<String, Integer> kinds() {
    Map<String, Integer> kinds = new TreeMap<>();
    for (Path p : list(Path.of("/proc/self/fd"))) {
      try {
        String target = Files.readSymbolicLink(p).toString();
        if (target.endsWith(".jar")) continue;
        String kind = target.replaceAll("\\d+", "");
        int unused = kinds.merge(kind, 1, Integer::sum);
      } catch (IOException e) {
        // That of the listing itself.
        continue;
      }
    }
    return kinds;
  }

  /** Threads that belong to a storm's pool or to one of its workers, by their names. */
  static List<String> poolThreads(Set<Long> alive) {
    List<String> names = new ArrayList<>();
    for (Thread t : Thread.getAllStackTraces().keySet()) {
      String name = t.getName();
      if (name.startsWith("brigade-processes-") || ofDeadWorker(name, alive)) names.add(name);
    }
    return names;
  }

  private static boolean ofDeadWorker(String name, Set<Long> alive) {
    return name.matches("brigade-std(out|err)-\\d+")
        && !alive.contains(Long.valueOf(name.substring("brigade-stdout-".length())));
  }

  /** Children of this process but these, dead ones that nobody has asked after included. */
  static List<String> children(Set<Long> but) {
    List<String> all = new ArrayList<>();
    long me = ProcessHandle.current().pid();
    for (Path p : list(Path.of("/proc"))) {
      String pid = p.getFileName().toString();
      if (!Character.isDigit(pid.charAt(0))) continue;
      try {
        String stat = Files.readString(p.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        if (Long.parseLong(fields[1]) == me && !but.contains(Long.valueOf(pid)))
          all.add(pid + " in state " + fields[0]);
      } catch (IOException e) {
        // It has ended meanwhile.
        continue;
      }
    }
    return all;
  }

  /** Names that a pool of this process has left where others can see them. */
  static List<String> leftNames() {
    List<String> left = new ArrayList<>();
    String mine = "-" + ProcessHandle.current().pid() + "-";
    for (Path folder : PUBLIC) {
      for (Path p : list(folder)) {
        String name = p.getFileName().toString();
        if (name.startsWith("brigade-") && name.contains(mine)) left.add(p.toString());
      }
    }
    return left;
  }

  static List<Path> list(Path folder) {
    List<Path> all = new ArrayList<>();
    try (var paths = Files.newDirectoryStream(folder)) {
      for (Path p : paths) all.add(p);
    } catch (NoSuchFileException e) {
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (DirectoryIteratorException e) {
      throw new UncheckedIOException(e.getCause());
    }
    return all;
  }

  static long usedBytes() {
    System.gc();
    var runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
