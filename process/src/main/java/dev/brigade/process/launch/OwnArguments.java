package dev.brigade.process.launch;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/*
 * Design. Sources, the first that can be trusted:
 *  1. /proc/self/cmdline: whole (ProcessHandle.info() cuts at 4 KiB), and free. Not if this process is
 *     no `java` (a native launcher keeps its options elsewhere), nor if there are @files in it, which
 *     may have changed or gone since.
 *  2. The runtime's management bean, which has all options expanded, where the module java.management
 *     is there: 10 ms, mostly class loading.
 *  3. ProcessHandle.info(), as far as it goes.
 * The variables that a JVM takes options from are read by us and taken out of the worker's
 * environment: they may hold what a worker must not have (-Xmx, -javaagent, a debugger's port), and
 * each worker would say "Picked up ..." on its error output.
 */
/** The options for the JVM that this process itself was started with. */
final class OwnArguments {
  /** The variables that a JVM takes options from, in the order in which it does. */
  static final List<String> VARIABLES =
      List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  private OwnArguments() {}

  /**
   * What was found.
   *
   * @param options all of them, class path and program included, as on a command line
   * @param fromEnvironment those of the variables; secret as far as a command line is not
   */
  record Found(List<String> options, List<String> fromEnvironment) {}

  /** Looks. */
  static Found find() {
    List<String> fromEnvironment = new ArrayList<>();
    boolean files = false;
    for (String variable : VARIABLES) {
      String value = System.getenv(variable);
      if (value == null) continue;
      List<String> words = words(value);
      files |= hasFile(words);
      fromEnvironment.addAll(words);
    }
    List<String> line = commandLine();
    if (line != null && !files && !hasFile(line)) return new Found(line, fromEnvironment);
    List<String> all = fromManagement();
    // These hold the environment's as well, which can't be told apart any more.
    if (all != null) return new Found(List.of(), all);
    return new Found(line == null ? fromHandle() : line, fromEnvironment);
  }

  /** The arguments of this process if it is a plain {@code java}. */
  private static @Nullable List<String> commandLine() {
    byte[] bytes;
    try (var in = new FileInputStream("/proc/self/cmdline")) {
      bytes = in.readAllBytes();
    } catch (IOException _) {
      return null;
    }
    Charset charset = charset();
    List<String> all = new ArrayList<>();
    int from = 0;
    for (int at = 0; at < bytes.length; at++) {
      if (bytes[at] != 0) continue;
      all.add(new String(bytes, from, at - from, charset));
      from = at + 1;
    }
    if (all.isEmpty() || !isJava(all.getFirst())) return null;
    return all.subList(1, all.size());
  }

  static boolean isJava(String program) {
    String name =
        program.substring(Math.max(program.lastIndexOf('/'), program.lastIndexOf('\\')) + 1);
    name = name.toLowerCase(Locale.ROOT);
    return name.equals("java") || name.equals("java.exe") || name.equals("javaw.exe");
  }

  /** How the system encodes arguments and names of files. */
  static Charset charset() {
    try {
      return Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    } catch (IllegalArgumentException _) {
      return Charset.defaultCharset();
    }
  }

  private static boolean hasFile(List<String> words) {
    for (String word : words) {
      if (word.startsWith("@") && !word.startsWith("@@")) return true;
      if (word.equals("--disable-@files")) return false;
      // What follows the program is its own.
      if (word.equals("-jar") || word.equals("-m") || word.equals("--module")) return false;
      if (word.startsWith("-XX:Flags=") || word.startsWith("-XX:VMOptionsFile=")) return true;
    }
    return false;
  }

  private static @Nullable List<String> fromManagement() {
    try {
      return Management.inputArguments();
    } catch (LinkageError _) {
      return null;
    }
  }

  private static List<String> fromHandle() {
    String[] none = {};
    return List.of(ProcessHandle.current().info().arguments().orElse(none));
  }

  /** Apart, since the module may be missing. */
  private static final class Management {
    private Management() {}

    static List<String> inputArguments() {
      return java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments();
    }
  }

  /**
   * Splits as the JVM does: at white space, except within single or double quotes, which vanish.
   */
  static List<String> words(String value) {
    List<String> words = new ArrayList<>();
    StringBuilder word = null;
    char quote = 0;
    for (int at = 0; at < value.length(); at++) {
      char c = value.charAt(at);
      if (quote == 0 && Character.isWhitespace(c)) {
        if (word != null) words.add(word.toString());
        word = null;
        continue;
      }
      if (word == null) word = new StringBuilder();
      if (quote == 0 && (c == '"' || c == '\'')) quote = c;
      else if (c == quote) quote = 0;
      else word.append(c);
    }
    if (word != null) words.add(word.toString());
    return Collections.unmodifiableList(words);
  }
}
