package dev.brigade.process;

import dev.brigade.task.VoidFn;
import dev.brigade.task.Work;
import java.io.File;
import java.io.ObjectInputFilter;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one worker JVM is like.
 *
 * @param jvm how its JVM is started
 * @param caps how much memory it may take
 * @param initialiser run once before the first task; its value is the worker's state, see {@link
 *     Worker#state}
 * @param teardown run with that state when the worker ends in an orderly way
 * @param output what becomes of what it prints
 * @param times how long it is waited for
 */
public record WorkerOptions(
    Jvm jvm,
    Caps caps,
    @Nullable Work<?, ?> initialiser,
    @Nullable VoidFn<?, ?> teardown,
    Output output,
    Times times) {

  /**
   * How a worker's JVM is started.
   *
   * @param options for the JVM, such as {@code -Dname=value} or {@code -XX:+UseSerialGC}; they come
   *     last and so win over those that the pool chooses
   * @param environment set beside this process's own; an empty value removes the variable
   * @param directory the working directory, or null for this process's own
   * @param filter which classes may travel, in both directions, as {@link
   *     java.io.ObjectInputFilter.Config#createFilter} reads it; null for all but those that are
   *     never let through
   * @param startCache where the start cache is kept, or null for none; see {@link
   *     WorkerOptions#withStartCache}
   */
  public record Jvm(
      List<String> options,
      Map<String, String> environment,
      @Nullable File directory,
      @Nullable String filter,
      @Nullable Path startCache) {
    /** Checks the values and takes copies. */
    public Jvm {
      if (startCache != null) startCache = folder(startCache);
      if (filter != null) check(filter);
      options = List.copyOf(options);
      environment = Map.copyOf(environment);
    }

    private static Path folder(Path startCache) {
      if (startCache.getFileSystem() != FileSystems.getDefault())
        throw new IllegalArgumentException(
            "startCache must be a folder that other processes see, but was " + startCache.toUri());
      // The working directory of a worker may be another one.
      Path folder = startCache.toAbsolutePath().normalize();
      if (folder.toString().contains(File.pathSeparator))
        throw new IllegalArgumentException(
            "startCache must not contain '" + File.pathSeparator + "', but was " + folder);
      return folder;
    }

    private static void check(String filter) {
      ObjectInputFilter read;
      try {
        read = ObjectInputFilter.Config.createFilter(filter);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "filter must be a pattern for ObjectInputFilter.Config.createFilter, but was \""
                + filter
                + "\": "
                + e.getMessage(),
            e);
      }
      if (read == null) throw new IllegalArgumentException("filter must not be empty");
    }
  }

  /**
   * How much memory a worker may take, in bytes; 0 leaves it to the JVM.
   *
   * @param heapBytes the Java heap
   * @param directBytes direct buffers
   * @param metaspaceBytes classes
   * @param residentBytes all of the process; watched every tenth of a second, so that it can be
   *     passed for a moment
   */
  public record Caps(long heapBytes, long directBytes, long metaspaceBytes, long residentBytes) {
    /** Checks the values. */
    public Caps {
      atLeastZero("heapBytes", heapBytes);
      atLeastZero("directBytes", directBytes);
      atLeastZero("metaspaceBytes", metaspaceBytes);
      atLeastZero("residentBytes", residentBytes);
    }

    private static void atLeastZero(String name, long bytes) {
      if (bytes < 0)
        throw new IllegalArgumentException(name + " must not be negative, but was " + bytes);
    }
  }

  /** What becomes of what a worker prints. */
  public sealed interface Output {
    /** It comes out where this process's own does; the default. */
    record Inherit() implements Output {}

    /** It is thrown away, but for the end of the error output, which tells why a worker died. */
    record Discard() implements Output {}

    /**
     * Each line is handed over, on a thread of the pool's.
     *
     * @param lines takes them; what it throws is ignored
     */
    record Capture(Lines lines) implements Output {
      /** Checks the value. */
      public Capture {
        Objects.requireNonNull(lines, "lines");
      }
    }
  }

  /** Takes the lines that workers print. */
  @FunctionalInterface
  public interface Lines {
    /**
     * Takes one line, without its end; a longer one than 64 KiB comes in pieces.
     *
     * @param pid the worker's
     * @param error whether it came from the error output
     * @param line the text
     */
    void line(long pid, boolean error, String line);
  }

  /**
   * How long a worker is waited for; more than 100 years are taken for 100 years.
   *
   * @param start until it must be ready, initialiser included; default 60 s
   * @param grace between the interrupt of a cancelled task and the worker's end by force; default 1
   *     s
   * @param silence how long it may give no sign of life, as when it is stopped; default 10 s, zero
   *     for ever
   */
  public record Times(Duration start, Duration grace, Duration silence) {
    /** Checks the values. */
    public Times {
      if (start.isNegative() || start.isZero())
        throw new IllegalArgumentException("start must be more than zero, but was " + start);
      if (grace.isNegative())
        throw new IllegalArgumentException("grace must not be negative, but was " + grace);
      if (silence.isNegative())
        throw new IllegalArgumentException("silence must not be negative, but was " + silence);
      start = Countable.of(start);
      grace = Countable.of(grace);
      silence = Countable.of(silence);
    }
  }

  private static final WorkerOptions DEFAULT =
      new WorkerOptions(
          new Jvm(List.of(), Map.of(), null, null, null),
          new Caps(0, 0, 0, 0),
          null,
          null,
          new Output.Inherit(),
          new Times(Duration.ofSeconds(60), Duration.ofSeconds(1), Duration.ofSeconds(10)));

  /** Checks the values. */
  public WorkerOptions {
    Objects.requireNonNull(jvm, "jvm");
    Objects.requireNonNull(caps, "caps");
    Objects.requireNonNull(output, "output");
    Objects.requireNonNull(times, "times");
    if (teardown != null && initialiser == null)
      throw new IllegalArgumentException("teardown is given what the initialiser made: give both");
  }

  /** Nothing special. */
  public static WorkerOptions of() {
    return DEFAULT;
  }

  /** With more options for the JVM. */
  public WorkerOptions withJvmOptions(String... more) {
    var all = new ArrayList<>(jvm.options);
    all.addAll(List.of(more));
    return withJvm(new Jvm(all, jvm.environment, jvm.directory, jvm.filter, jvm.startCache));
  }

  /** With one more variable in the environment; empty removes it. */
  public WorkerOptions withEnvironment(String name, String value) {
    var all = new HashMap<>(jvm.environment);
    all.put(name, value);
    return withJvm(new Jvm(jvm.options, all, jvm.directory, jvm.filter, jvm.startCache));
  }

  /** With another working directory. */
  public WorkerOptions withDirectory(File directory) {
    return withJvm(new Jvm(jvm.options, jvm.environment, directory, jvm.filter, jvm.startCache));
  }

  /**
   * With a filter for what travels, in both directions: {@code "com.example.**;java.base/*;!*"}.
   */
  public WorkerOptions withFilter(String filter) {
    return withJvm(new Jvm(jvm.options, jvm.environment, jvm.directory, filter, jvm.startCache));
  }

  /**
   * With a folder for a start cache: a file of some 12 MB with the classes of a worker, loaded and
   * linked, which its JVM maps. Workers then answer a fifth to a third sooner.
   *
   * <p>The first pool that finds none there makes it: in the background as soon as its first worker
   * is ready, with two more JVMs one after the other, which take a second or two of processor time;
   * a pool that is closed before gives it up. So the first workers don't have it, and a pool that
   * lives shorter never makes it. It is good for all programs of the user with the same JDK, the
   * same version of this library and the same options for workers; system properties and sizes of
   * memory may differ. What is not used for two months goes when another one is made, and of more
   * than eight the oldest.
   *
   * {@snippet :
   * Path folder = Path.of(System.getProperty("user.home"), ".cache", "brigade");
   * var options = ProcessOptions.of(2).withWorker(WorkerOptions.of().withStartCache(folder));
   * }
   *
   * <p>The library's two jars come first on the workers' class path then. Where it can't be had,
   * workers start as they do without, and the pool's {@link ProcessPool#reading} says why, as
   * {@code startCache}: if the library is on the module path or in folders of classes, if an option
   * of the worker's is about such files itself ({@code -XX:AOTCache}, {@code
   * -XX:SharedArchiveFile}), if it loads an agent, or if the folder can't be written.
   *
   * @param folder made if it is not there, for this user alone; one that others may write to is not
   *     used, since what is in it is run
   */
  public WorkerOptions withStartCache(Path folder) {
    Objects.requireNonNull(folder, "folder");
    return withJvm(new Jvm(jvm.options, jvm.environment, jvm.directory, jvm.filter, folder));
  }

  /** With another JVM. */
  public WorkerOptions withJvm(Jvm other) {
    return new WorkerOptions(other, caps, initialiser, teardown, output, times);
  }

  /** With at most so much Java heap. */
  public WorkerOptions withHeapBytes(long heapBytes) {
    return withCaps(new Caps(heapBytes, caps.directBytes, caps.metaspaceBytes, caps.residentBytes));
  }

  /** With at most so much memory in all. */
  public WorkerOptions withResidentBytes(long residentBytes) {
    return withCaps(new Caps(caps.heapBytes, caps.directBytes, caps.metaspaceBytes, residentBytes));
  }

  /** With other caps. */
  public WorkerOptions withCaps(Caps other) {
    return new WorkerOptions(jvm, other, initialiser, teardown, output, times);
  }

  /** With something to make before the first task. */
  public WorkerOptions withInitialiser(Work<?, ?> work) {
    return new WorkerOptions(jvm, caps, work, null, output, times);
  }

  /**
   * With a state of each worker's own, made before its first task and given back at its end.
   *
   * @param <S> the state
   */
  public <S> WorkerOptions withState(Work<? extends S, ?> make, VoidFn<? super S, ?> giveBack) {
    return new WorkerOptions(jvm, caps, make, giveBack, output, times);
  }

  /** With something else done with what it prints. */
  public WorkerOptions withOutput(Output other) {
    return new WorkerOptions(jvm, caps, initialiser, teardown, other, times);
  }

  /** With another grace. */
  public WorkerOptions withGrace(Duration grace) {
    return withTimes(new Times(times.start, grace, times.silence));
  }

  /** With other times. */
  public WorkerOptions withTimes(Times other) {
    return new WorkerOptions(jvm, caps, initialiser, teardown, output, other);
  }
}
