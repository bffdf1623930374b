package dev.brigade.cli;

import dev.brigade.cli.terminal.NearMatches;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what was wrong with a command line: the value, and what to do instead. */
final class WrongUse {
  private WrongUse() {}

  static String explain(ParameterException wrong) {
    CommandSpec command = wrong.getCommandLine().getCommandSpec();
    String name = command.qualifiedName();
    String what =
        wrong instanceof UnmatchedArgumentException unmatched
            ? unmatched(unmatched, command)
            : String.valueOf(wrong.getMessage());
    return name + ": " + what + System.lineSeparator() + "See '" + name + " --help'.";
  }

  private static String unmatched(UnmatchedArgumentException wrong, CommandSpec command) {
    String first = wrong.getUnmatched().getFirst();
    if (wrong.isUnknownOption())
      return "there is no option " + first + "." + near(first, options(command));
    var commands = new ArrayList<>(command.subcommands().keySet());
    if (commands.isEmpty()) return "'" + first + "' is one argument too many.";
    return "there is no command '" + first + "'." + near(first, commands);
  }

  private static List<String> options(CommandSpec command) {
    return command.options().stream().map(OptionSpec::longestName).toList();
  }

  private static String near(String typed, List<String> names) {
    List<String> near = NearMatches.of(typed, names);
    return near.isEmpty() ? "" : " Did you mean " + String.join(" or ", near) + "?";
  }

  /** For options that take a number. */
  static Integer wholeNumber(String text) {
    try {
      return Integer.valueOf(text);
    } catch (NumberFormatException e) {
      throw new CommandLine.TypeConversionException(
          "'" + text + "' is not a whole number: write it like 8");
    }
  }
}
