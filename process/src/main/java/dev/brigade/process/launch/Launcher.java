package dev.brigade.process.launch;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/*
 * Design. Order of the options, later ones win: ours, those carried over from this JVM, the caller's.
 * Of collectors only one may be named, so ours is left out when the caller names one.
 *
 * Ours, and why:
 *  ExitOnOutOfMemoryError      a worker that ran out of memory is not to be trusted with the next task
 *  ErrorFileToStderr, -CreateCoredumpOnCrash, -DumpReplayDataOnError
 *                              a crash is told through the pipe and leaves no files
 *  DisplayVMOutputToStderr, -Xlog
 *                              what the JVM says is not the program's output
 *  -UsePerfData                no file in /tmp/hsperfdata, 1 ms
 *  UserThreadWaitAttemptsAtExit=0
 *                              an orderly exit does not wait 300 ms for threads in system calls
 *  --enable-native-access      only where the worker must set its death signal itself: it costs 8 ms
 *
 * What is too long for a command line, or came out of the environment and so is not for everybody's
 * eyes, goes through an argument file in the spawn folder.
 */
/** Starts worker JVMs with the classes and permissions of this one. */
public final class Launcher {
  private static final int LONGEST_ARGUMENT = 16 << 10;
  private static final int LONGEST_LINE = 60 << 10;

  private Launcher() {}

  /** What is the same for all workers of this JVM. */
  private static final class Own {
    static final OwnArguments.Found FOUND = OwnArguments.find();
    static final List<String> FROM_ENVIRONMENT = CarriedOptions.of(FOUND.fromEnvironment());
    static final List<String> CARRIED = carried();

    private Own() {}

    private static List<String> carried() {
      List<String> carried = new ArrayList<>(Origin.permissionsOfJar());
      carried.addAll(CarriedOptions.of(FOUND.options()));
      // Test runners switch assertions on without an option.
      if (Launcher.class.desiredAssertionStatus()
          && !CarriedOptions.mentionAssertions(FROM_ENVIRONMENT)
          && !CarriedOptions.mentionAssertions(carried)) carried.add("-ea");
      return carried;
    }
  }

  /**
   * Why no worker can be started from this program, or null if one can.
   *
   * @return in words for its author
   */
  public static @Nullable String obstacle() {
    String obstacle = Origin.obstacle();
    if (obstacle != null) return obstacle;
    File java = java();
    return java.canExecute()
        ? null
        : "there is no " + java + ": this program's Java runtime comes without a launcher";
  }

  /**
   * Starts a JVM. Its standard input is a pipe that is never written to after the caller's greeting
   * and whose end means that this process is gone; so are its standard output and error, for {@link
   * ErrorOutput}.
   *
   * @param folder private to this start; files that are needed for it may be left there, and may be
   *     removed as soon as the worker has said something
   * @throws IOException if the system could not start it, or there is an {@link #obstacle}
   */
  public static Process start(LaunchSpec spec, Path folder) throws IOException {
    return start(spec, folder, ProcessBuilder.Redirect.INHERIT);
  }

  /** The same with another place for its standard output. */
  public static Process start(LaunchSpec spec, Path folder, ProcessBuilder.Redirect output)
      throws IOException {
    return start(spec, () -> folder, output, null);
  }

  /**
   * The same in a folder that is made only if something must lie there.
   *
   * @param cache what to do about a start cache, or null
   */
  public static Process start(
      LaunchSpec spec,
      Workplace place,
      ProcessBuilder.Redirect output,
      StartCache.@Nullable Use cache)
      throws IOException {
    return start(spec, () -> place.folder().path(), output, cache);
  }

  /** Starts a JVM that makes a start cache of what was recorded, says nothing, and ends. */
  public static Process create(LaunchSpec spec, Path folder, StartCache.Use cache)
      throws IOException {
    List<String> arguments = options(spec, cache);
    arguments.add("-cp");
    arguments.add(cache.prefix());
    var builder = builder(spec, () -> folder, arguments);
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    return Spawner.start(builder);
  }

  /** Where files may be put. */
  @FunctionalInterface
  interface Place {
    Path path() throws IOException;
  }

  private static Process start(
      LaunchSpec spec, Place folder, ProcessBuilder.Redirect output, StartCache.@Nullable Use cache)
      throws IOException {
    String obstacle = obstacle();
    if (obstacle != null) throw new IOException("no worker process can be started: " + obstacle);
    List<String> arguments = options(spec, cache);
    arguments.addAll(Origin.arguments(spec.mainClass(), cache));
    var builder = builder(spec, folder, arguments);
    builder.redirectOutput(output);
    return Spawner.start(builder);
  }

  private static ProcessBuilder builder(LaunchSpec spec, Place folder, List<String> arguments)
      throws IOException {
    File directory = spec.directory();
    // The system would only name the first word of the command.
    if (directory != null && !directory.isDirectory())
      throw new IOException("the worker's directory must be a folder, but was " + directory);
    var builder = new ProcessBuilder(command(arguments, folder, DeathSignalWrapper.words()));
    Map<String, String> environment = builder.environment();
    for (String variable : OwnArguments.VARIABLES) environment.remove(variable);
    spec.environment()
        .forEach((name, value) -> {
          if (value.isEmpty()) environment.remove(name);
          else environment.put(name, value);
        });
    if (directory != null) builder.directory(directory);
    return builder;
  }

  /**
   * The whole command.
   *
   * @param wrapper words in front of it, see {@link DeathSignalWrapper}
   */
  static List<String> command(LaunchSpec spec, Path folder, List<String> wrapper)
      throws IOException {
    List<String> arguments = options(spec, null, !wrapper.isEmpty());
    arguments.addAll(Origin.arguments(spec.mainClass(), null));
    return command(arguments, () -> folder, wrapper);
  }

  private static List<String> command(List<String> arguments, Place folder, List<String> wrapper)
      throws IOException {
    List<String> command = new ArrayList<>(wrapper);
    command.addAll(command(arguments, folder, !Own.FROM_ENVIRONMENT.isEmpty()));
    return command;
  }

  /** All options of such a worker, but for its classes. */
  static List<String> options(LaunchSpec spec) {
    return options(spec, null);
  }

  private static List<String> options(LaunchSpec spec, StartCache.@Nullable Use cache) {
    return options(spec, cache, !DeathSignalWrapper.words().isEmpty());
  }

  private static List<String> options(
      LaunchSpec spec, StartCache.@Nullable Use cache, boolean wrapped) {
    List<String> options = new ArrayList<>(own(spec, wrapped));
    // After our -Xlog, which would bring its complaints back.
    if (cache != null) options.addAll(cache.options());
    options.addAll(Own.FROM_ENVIRONMENT);
    options.addAll(Own.CARRIED);
    options.addAll(spec.jvmOptions());
    return options;
  }

  static List<String> command(List<String> arguments, Path folder, boolean secret)
      throws IOException {
    return command(arguments, () -> folder, secret);
  }

  private static List<String> command(List<String> arguments, Place folder, boolean secret)
      throws IOException {
    long length = 0;
    boolean long_ = secret;
    for (String argument : arguments) {
      length += argument.length() + 1;
      long_ |= argument.length() > LONGEST_ARGUMENT;
    }
    List<String> command = new ArrayList<>();
    command.add(java().getPath());
    if (!long_ && length <= LONGEST_LINE) command.addAll(arguments);
    else
      command.add(
          ArgumentFile.write(
              folder.path().resolve("arguments"), arguments, OwnArguments.charset()));
    return command;
  }

  private static List<String> own(LaunchSpec spec, boolean wrapped) {
    List<String> own = new ArrayList<>();
    own.add("-XX:+ExitOnOutOfMemoryError");
    own.add("-XX:+ErrorFileToStderr");
    own.add("-XX:-CreateCoredumpOnCrash");
    own.add("-XX:-DumpReplayDataOnError");
    own.add("-XX:+DisplayVMOutputToStderr");
    own.add("-Xlog:disable");
    own.add("-Xlog:all=warning:stderr");
    own.add("-XX:-UsePerfData");
    own.add("-XX:UserThreadWaitAttemptsAtExit=0");
    if (!namesCollector(spec)) own.add("-XX:+UseSerialGC");
    if (wrapped) {
      own.add("-D" + DeathSignalWrapper.ARMED + "=true");
    } else {
      Module module = Launcher.class.getModule();
      own.add("--enable-native-access=" + (module.isNamed() ? module.getName() : "ALL-UNNAMED"));
    }
    return own;
  }

  /** Whether the caller chooses a collector, or says so in a file that we don't read. */
  static boolean namesCollector(LaunchSpec spec) {
    List<String> options = new ArrayList<>(spec.jvmOptions());
    for (String variable : OwnArguments.VARIABLES)
      options.addAll(OwnArguments.words(spec.environment().getOrDefault(variable, "")));
    for (String option : options)
      if ((option.startsWith("-XX:+Use") || option.startsWith("-XX:-Use")) && option.endsWith("GC")
          || option.startsWith("@")
          || option.startsWith("-XX:Flags=")
          || option.startsWith("-XX:VMOptionsFile=")) return true;
    return false;
  }

  private static File java() {
    File bin = new File(System.getProperty("java.home"), "bin");
    File windows = new File(bin, "java.exe");
    return windows.exists() ? windows : new File(bin, "java");
  }
}
