package dev.brigade.process.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/*
 * Design. Carried: what decides what the program's classes may do and see (properties, opened and
 * exported packages, modules, preview, native access, assertions, the boot class path), since the same
 * lambda must run there as here. Not carried: what decides how much one JVM takes or says (heap, stack,
 * collector, logs, caches of classes), since a worker is another JVM beside others, and what can be
 * there once only or looks at one JVM (agents, debuggers, ports of management). Unknown options of the
 * kind --name are carried, so that a later JDK's new permissions are.
 */
/** Which of a JVM's options its workers get as well. */
final class CarriedOptions {
  /** Take their value as the next argument, or after '='. */
  private static final Set<String> WITH_VALUE =
      Set.of(
          "--add-modules",
          "--enable-native-access",
          "--limit-modules",
          "--add-reads",
          "--add-exports",
          "--add-opens",
          "--patch-module",
          "--upgrade-module-path");

  /** Found out anew, or of no use to a worker; with their value. */
  private static final Set<String> DROPPED_WITH_VALUE =
      Set.of(
          "-cp",
          "-classpath",
          "--class-path",
          "-p",
          "--module-path",
          "-d",
          "--describe-module",
          "--source");

  private static final Set<String> ASSERTIONS =
      Set.of(
          "-ea",
          "-da",
          "-enableassertions",
          "-disableassertions",
          "-esa",
          "-dsa",
          "-enablesystemassertions",
          "-disablesystemassertions");

  private static final List<String> DROPPED_PROPERTIES =
      List.of("-Dcom.sun.management.", "-Djava.class.path=", "-Djdk.module.main");

  private CarriedOptions() {}

  /**
   * Those of a command line, up to its program.
   *
   * @param arguments of {@code java}; relative paths in them become absolute
   */
  static List<String> of(List<String> arguments) {
    List<String> carried = new ArrayList<>();
    for (int at = 0; at < arguments.size(); at++) {
      String argument = arguments.get(at);
      if (!argument.startsWith("-") || endsOptions(argument)) break;
      if (DROPPED_WITH_VALUE.contains(argument)) {
        at++;
      } else if (WITH_VALUE.contains(argument)) {
        if (++at == arguments.size()) break;
        carried.add(withPaths(argument + "=" + arguments.get(at)));
      } else if (isCarried(argument)) {
        carried.add(withPaths(argument));
      }
    }
    return carried;
  }

  /** After these comes the program. */
  static boolean endsOptions(String argument) {
    return argument.equals("-jar")
        || argument.equals("-m")
        || argument.equals("--module")
        || argument.startsWith("--module=");
  }

  private static boolean isCarried(String argument) {
    if (argument.startsWith("-D")) {
      for (String dropped : DROPPED_PROPERTIES) if (argument.startsWith(dropped)) return false;
      return true;
    }
    if (argument.startsWith("--")) {
      int equals = argument.indexOf('=');
      return equals < 0
          ? argument.equals("--enable-preview")
          : !DROPPED_WITH_VALUE.contains(argument.substring(0, equals));
    }
    return isAboutAssertions(argument)
        || argument.startsWith("-Xbootclasspath/a:")
        || argument.startsWith("-XX:ActiveProcessorCount=");
  }

  /** Whether some are about assertions. */
  static boolean mentionAssertions(List<String> options) {
    for (String option : options) if (isAboutAssertions(option)) return true;
    return false;
  }

  private static boolean isAboutAssertions(String argument) {
    int colon = argument.indexOf(':');
    return ASSERTIONS.contains(colon < 0 ? argument : argument.substring(0, colon));
  }

  private static String withPaths(String argument) {
    if (argument.startsWith("-Xbootclasspath/a:")
        || argument.startsWith("--upgrade-module-path=")) {
      int value = argument.indexOf(argument.startsWith("-X") ? ':' : '=') + 1;
      return argument.substring(0, value) + Origin.absolute(argument.substring(value));
    }
    if (argument.startsWith("--patch-module=")) {
      int value = argument.indexOf('=', "--patch-module=".length()) + 1;
      return argument.substring(0, value) + Origin.absolute(argument.substring(value));
    }
    return argument;
  }
}
