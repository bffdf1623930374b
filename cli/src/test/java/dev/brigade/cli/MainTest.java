package dev.brigade.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  @Test
  void withoutArgumentsItSaysWhatToTry() {
    Run run = Run.of();
    assertEquals(0, run.code());
    assertTrue(run.out().contains("brigade compare --quick"), run.out());
    assertTrue(run.out().contains("brigade example"), run.out());
    assertTrue(run.out().contains("brigade primes 1e9"), run.out());
    assertEquals("", run.err());
  }

  @Test
  void versionNamesTheProgramAndTheJdk() {
    Run run = Run.of("--version");
    assertEquals(0, run.code());
    assertTrue(run.out().matches("brigade \\S+, JDK \\S+\\R"), run.out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"compare", "primes", "example"})
  void everyCommandHasHelpWithExamplesThatFitsAnOrdinaryTerminal(String command) {
    Run run = Run.of(command, "--help");
    assertEquals(0, run.code());
    assertTrue(run.out().contains("Examples:\n  brigade " + command), run.out());
    List<String> tooLong = run.out().lines().filter(line -> line.length() > 80).toList();
    assertEquals(List.of(), tooLong);
    assertTrue(Run.of("--help").out().contains("  " + command + " "), command);
  }

  @Test
  void unknownCommandIsWrongUseWithNearMatches() {
    assertWrong(
        Run.of("comprae"),
        "brigade: there is no command 'comprae'. Did you mean compare?",
        "See 'brigade --help'.");
  }

  @Test
  void unknownOptionIsWrongUseWithNearMatches() {
    assertWrong(
        Run.of("primes", "--lsit", "10"),
        "brigade primes: there is no option --lsit. Did you mean --list?",
        "See 'brigade primes --help'.");
  }

  @Test
  void surplusArgumentIsNamed() {
    assertWrong(
        Run.of("primes", "10", "20"),
        "brigade primes: '20' is one argument too many.",
        "See 'brigade primes --help'.");
  }

  @Test
  void plainOutputHasNoEscapes() {
    for (String command : List.of("--help", "example"))
      assertTrue(Run.of(command).out().indexOf('\u001b') < 0, command);
  }

  static void assertWrong(Run run, String... lines) {
    assertEquals(List.of(lines), run.err().lines().toList());
    assertEquals("", run.out());
    assertEquals(2, run.code());
  }
}
