package dev.brigade.process.wire;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Anonymous pipes between this process and a child of its, one pair for each connection. The child
 * opens its ends as files of {@code /proc/PID/fd}, which the kernel allows to the same user only;
 * so there is no name, no address and nobody who listens.
 *
 * <p>Java does not tell the number of a descriptor, so it is found: of the descriptors that are
 * new, those of a pipe that holds just as many bytes as were written to it.
 */
public final class PipePairs implements Closeable {
  private static final Path OWN = Path.of("/proc/self/fd");
  private static final int MARK = 16;
  private static final int TRIES = 10;

  /**
   * One connection.
   *
   * @param down what the child reads
   * @param up what the child writes
   * @param childReads the number of the child's end of {@code down} in this process
   * @param childWrites the number of the child's end of {@code up}
   */
  public record Pair(Pipe down, Pipe up, int childReads, int childWrites) {
    /** This process's end. */
    public Link link(int maxFrameBytes) throws IOException {
      return new ChannelLink(up.source(), down.sink(), maxFrameBytes);
    }
  }

  private final List<Pair> pairs;

  private PipePairs(List<Pair> pairs) {
    this.pairs = pairs;
  }

  /** So many connections, or null if this system does not have what it takes. */
  public static @Nullable PipePairs open(int count) throws IOException {
    if (!Files.isDirectory(OWN)) return null;
    List<Pipe> pipes = new ArrayList<>();
    boolean found = false;
    try {
      Set<String> before = new HashSet<>(own().values());
      for (int i = 0; i < 2 * count; i++) pipes.add(Pipe.open());
      for (int attempt = 0; attempt < TRIES; attempt++) {
        int[] ends = numbers(pipes, before, MARK + attempt * 2 * count);
        if (ends == null) continue;
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          // Of a pipe the reading end comes first.
          pairs.add(new Pair(pipes.get(2 * i), pipes.get(2 * i + 1), ends[4 * i], ends[4 * i + 3]));
        }
        found = true;
        return new PipePairs(pairs);
      }
      return null;
    } finally {
      if (!found) for (Pipe p : pipes) close(p);
    }
  }

  /** All connections. */
  public List<Pair> pairs() {
    return pairs;
  }

  /** Closes the child's ends here, once the child has opened them: then its death is seen. */
  public void opened() throws IOException {
    for (Pair p : pairs) {
      p.down.source().close();
      p.up.sink().close();
    }
  }

  /** Closes all ends. */
  @Override
  public void close() throws IOException {
    for (Pair p : pairs) {
      close(p.down);
      close(p.up);
    }
  }

  private static void close(Pipe pipe) throws IOException {
    try (var source = pipe.source()) {
      pipe.sink().close();
      boolean unused = source.isOpen();
    }
  }

  /** The numbers of the reading and the writing end of each, or null if that is not clear. */
  private static int @Nullable [] numbers(List<Pipe> pipes, Set<String> before, int mark)
      throws IOException {
    int[] ends = new int[2 * pipes.size()];
    String[] names = new String[pipes.size()];
    for (int i = 0; i < pipes.size(); i++) mark(pipes.get(i), mark + i);
    try {
      Map<Integer, String> now = own();
      for (var e : now.entrySet()) {
        if (before.contains(e.getValue()) || writes(e.getKey())) continue;
        int i = held(e.getKey()) - mark;
        if (i < 0 || i >= names.length) continue;
        if (names[i] != null) return null;
        names[i] = e.getValue();
        ends[2 * i] = e.getKey();
      }
      for (int i = 0; i < names.length; i++) {
        if (names[i] == null) return null;
        int found = 0;
        for (var e : now.entrySet()) {
          if (!e.getValue().equals(names[i]) || e.getKey() == ends[2 * i]) continue;
          ends[2 * i + 1] = e.getKey();
          found++;
        }
        if (found != 1) return null;
      }
      return ends;
    } finally {
      for (int i = 0; i < pipes.size(); i++) unmark(pipes.get(i), mark + i);
    }
  }

  /** The pipes among this process's descriptors: by number, with what tells one from another. */
  private static Map<Integer, String> own() throws IOException {
    Map<Integer, String> all = new LinkedHashMap<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(OWN)) {
      for (Path p : entries) {
        try {
          String target = Files.readSymbolicLink(p).toString();
          if (target.startsWith("pipe:"))
            all.put(Integer.parseInt(p.getFileName().toString()), target);
        } catch (IOException e) {
          // It has been closed meanwhile.
          continue;
        }
      }
    }
    return all;
  }

  private static boolean writes(int number) {
    try (BufferedReader info = Files.newBufferedReader(Path.of("/proc/self/fdinfo/" + number))) {
      for (String line = info.readLine(); line != null; line = info.readLine()) {
        if (line.startsWith("flags:")) return ((line.charAt(line.length() - 1) - '0') & 3) == 1;
      }
    } catch (IOException e) {
      // It has been closed meanwhile: not ours.
      return true;
    }
    return true;
  }

  private static int held(int number) {
    try (var in = new FileInputStream("/proc/self/fd/" + number)) {
      return in.available();
    } catch (IOException e) {
      return -1;
    }
  }

  private static void mark(Pipe pipe, int bytes) throws IOException {
    var mark = ByteBuffer.allocate(bytes);
    while (mark.hasRemaining()) {
      int unused = pipe.sink().write(mark);
    }
  }

  private static void unmark(Pipe pipe, int bytes) throws IOException {
    SelectableChannel unused = pipe.source().configureBlocking(true);
    var mark = ByteBuffer.allocate(bytes);
    while (mark.hasRemaining() && pipe.source().read(mark) >= 0) {}
  }
}
