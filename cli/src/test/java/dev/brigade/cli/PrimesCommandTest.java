package dev.brigade.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.brigade.cli.terminal.JsonReader;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrimesCommandTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "2, 1",
    "1e6, 78498",
    "10_000_000, 664579",
    "1e8, 5761455",
    "100000..100019, 2",
    "24..28, 0",
    "1e12..1000000001000, 37"
  })
  void countsAsOneNumberOnALine(String numbers, long count) {
    Run run = Run.of("primes", numbers);
    assertEquals(new Run(0, count + System.lineSeparator(), ""), run);
  }

  @Test
  void listsThePrimesOfARangeInOrder() {
    assertEquals(new Run(0, "100003\n100019\n", ""), Run.of("primes", "100000..100019", "--list"));
    assertEquals(new Run(0, "", ""), Run.of("primes", "24..28", "--list"));
  }

  /** Long enough for several windows, which are made at the same time. */
  @Test
  void listsInAscendingOrderAcrossWindows() {
    String listed = Run.of("primes", "1e7..6.1e7", "--list").out();
    long[] primes = listed.lines().mapToLong(Long::parseLong).toArray();
    assertEquals(2_953_466, primes.length);
    long descents =
        IntStream.range(1, primes.length).filter(i -> primes[i - 1] >= primes[i]).count();
    assertEquals(0, descents);
  }

  @Test
  void listedIsWhatTrialDivisionFinds() {
    String expected =
        IntStream.rangeClosed(2, 2000)
            .filter(n -> IntStream.range(2, n).noneMatch(d -> n % d == 0))
            .mapToObj(n -> n + "\n")
            .collect(Collectors.joining());
    assertEquals(expected, Run.of("primes", "2000", "--list").out());
  }

  @Test
  void jsonOfACount() {
    var document = JsonReader.object(Run.of("primes", "1e3..1e6", "--json").out());
    assertEquals(
        List.of("from", "to", "count", "seconds", "cores"), List.copyOf(document.keySet()));
    assertEquals(1000.0, document.get("from"));
    assertEquals(1e6, document.get("to"));
    assertEquals(78498.0 - 168, document.get("count"));
  }

  @Test
  void jsonOfAList() {
    var document = JsonReader.object(Run.of("primes", "10..20", "--list", "--json").out());
    assertEquals(List.of(11.0, 13.0, 17.0, 19.0), document.get("primes"));
    assertEquals(4.0, document.get("count"));
    var empty = JsonReader.object(Run.of("primes", "24..28", "--list", "--json").out());
    assertEquals(List.of(), empty.get("primes"));
  }

  @Test
  void wrongNumberIsNamedWithWhatToDo() {
    MainTest.assertWrong(
        Run.of("primes", "12x"),
        "brigade primes: '12x' is not a number from 0: write it like 1000000, 1_000_000, 1e6 or"
            + " 10^6",
        "See 'brigade primes --help'.");
  }
}
