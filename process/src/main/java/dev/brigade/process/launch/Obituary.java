package dev.brigade.process.launch;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/*
 * Design. What the system tells of a dead process is eight bits, and a JVM uses few of them: 1 is a
 * refusal to start, an uncaught exception and a crash without a core file alike, 3 is both exit(3) and
 * ExitOnOutOfMemoryError, 137 both SIGKILL and exit(137). So the end of the error output decides first,
 * and only by sentences that the JVM itself writes, then the number.
 */
/**
 * Why a worker died, as far as can be told from outside.
 *
 * @param verdict the kind
 * @param text one line for people, with process and exit code
 */
public record Obituary(Verdict verdict, String text) {
  /** Kinds of death. */
  public enum Verdict {
    /** Its program ended it. */
    EXIT,
    /** A signal that is none of a crash. */
    SIGNAL,
    /** The JVM or native code crashed. */
    CRASH,
    /** It ran out of memory and gave up. */
    OUT_OF_MEMORY,
    /** Its JVM refused to start. */
    NOT_STARTED,
    /** This process killed it. */
    KILLED
  }

  private static final String CRASHED = "# A fatal error has been detected by the Java Runtime";
  private static final String NO_NATIVE_MEMORY =
      "# There is insufficient memory for the Java Runtime";
  private static final Pattern GAVE_UP =
      Pattern.compile(
          "^Terminating due to java\\.lang\\.OutOfMemoryError: (.*)$", Pattern.MULTILINE);
  private static final Pattern UNCAUGHT =
      Pattern.compile(
          "^Exception in thread \".*\" java\\.lang\\.OutOfMemoryError: (.*)$", Pattern.MULTILINE);
  private static final Pattern WHAT =
      Pattern.compile(
          "^# +(SIG[A-Z]+|EXCEPTION_\\w+|Internal Error|guarantee.*|fatal error.*)",
          Pattern.MULTILINE);
  private static final Pattern FRAME =
      Pattern.compile("^# Problematic frame:\\R# (.*)$", Pattern.MULTILINE);
  private static final Pattern REFUSED =
      Pattern.compile(
          "Could not create the Java Virtual Machine"
              + "|^Error occurred during initialization of "
              + "|^Error: Could not find or load main class"
              + "|^Error: Unable to initialize main class"
              + "|^Error: Main method not found"
              + "|^Error: could not open `",
          Pattern.MULTILINE);

  /**
   * Judges.
   *
   * @param exitCode as {@link Process#exitValue} tells it
   * @param errorOutput the end of it
   * @param killedBecause why this process killed it, as in "the worker was killed because ...";
   *     null if it did not
   */
  public static Obituary of(
      long pid, int exitCode, String errorOutput, @Nullable String killedBecause) {
    String who = " (pid " + pid + ", exit code " + exitCode + ")";
    int signal = exitCode - 128;
    if (killedBecause != null && (signal == 9 || signal == 15))
      return new Obituary(
          Verdict.KILLED, "the worker was killed because " + killedBecause + " (pid " + pid + ")");

    Matcher gaveUp = GAVE_UP.matcher(errorOutput);
    if (exitCode == 3 && gaveUp.find()) return outOf(gaveUp.group(1), who);
    if (errorOutput.contains(NO_NATIVE_MEMORY)) return outOf("native memory", who);
    if (errorOutput.contains(CRASHED) && (exitCode == 1 || signal == 6))
      return crash(errorOutput, who);
    if (REFUSED.matcher(errorOutput).find() && exitCode == 1)
      return new Obituary(
          Verdict.NOT_STARTED, "the worker's JVM did not start: " + told(errorOutput) + who);
    Matcher uncaught = UNCAUGHT.matcher(errorOutput);
    if (exitCode == 1 && uncaught.find()) return outOf(uncaught.group(1), who);
    return byCode(exitCode, signal, who);
  }

  private static Obituary byCode(int exitCode, int signal, String who) {
    String name = signalName(signal);
    if (name == null)
      return new Obituary(Verdict.EXIT, "the worker's program ended it with " + exitCode + who);
    return switch (signal) {
      case 4, 5, 6, 7, 8, 11, 31 ->
          new Obituary(
              Verdict.CRASH,
              "the worker crashed in native code: "
                  + name
                  + (signal == 6 ? ", as abort() sends it" : "")
                  + who);
      case 9 ->
          new Obituary(
              Verdict.SIGNAL,
              "the worker was killed with SIGKILL by another process, or by the system for want of"
                  + " memory"
                  + who);
      default -> new Obituary(Verdict.SIGNAL, "the worker was ended by " + name + who);
    };
  }

  private static Obituary outOf(String what, String who) {
    return new Obituary(Verdict.OUT_OF_MEMORY, "the worker ran out of memory: " + what + who);
  }

  private static Obituary crash(String errorOutput, String who) {
    Matcher what = WHAT.matcher(errorOutput);
    Matcher frame = FRAME.matcher(errorOutput);
    String cause = what.find() ? what.group(1) : "a fatal error";
    String where = frame.find() ? frame.group(1).trim().replaceAll("\\s+", " ") : "";
    String in =
        switch (where.isEmpty() ? ' ' : where.charAt(0)) {
          case 'C' -> "in native code";
          case 'J', 'j' -> "in Java code";
          default -> "in the JVM";
        };
    return new Obituary(
        Verdict.CRASH,
        "the worker crashed "
            + in
            + ": "
            + cause
            + (where.isEmpty() ? "" : " in frame " + where)
            + who);
  }

  /** What the JVM said, on one line, without its set phrases. */
  private static String told(String errorOutput) {
    var all = new StringBuilder();
    for (String line : errorOutput.lines().toList()) {
      if (line.isBlank()
          || line.startsWith("Error: A fatal exception has occurred")
          || line.startsWith("Error: Could not create the Java Virtual Machine")
          || line.startsWith("\tat ")) continue;
      if (!all.isEmpty()) all.append("; ");
      all.append(line.strip());
      if (all.length() > 400) break;
    }
    return all.length() > 400 ? all.substring(0, 400) + "..." : all.toString();
  }

  private static @Nullable String signalName(int signal) {
    return switch (signal) {
      case 1 -> "SIGHUP";
      case 2 -> "SIGINT";
      case 3 -> "SIGQUIT";
      case 4 -> "SIGILL";
      case 5 -> "SIGTRAP";
      case 6 -> "SIGABRT";
      case 7 -> "SIGBUS";
      case 8 -> "SIGFPE";
      case 9 -> "SIGKILL";
      case 10 -> "SIGUSR1";
      case 11 -> "SIGSEGV";
      case 12 -> "SIGUSR2";
      case 13 -> "SIGPIPE";
      case 14 -> "SIGALRM";
      case 15 -> "SIGTERM";
      case 24 -> "SIGXCPU";
      case 25 -> "SIGXFSZ";
      case 31 -> "SIGSYS";
      default -> signal > 0 && signal <= 64 ? "signal " + signal : null;
    };
  }
}
