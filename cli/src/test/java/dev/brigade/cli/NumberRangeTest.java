package dev.brigade.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumberRangeTest {
  private static final long MAX = 10_000_000_000_000L;

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "1000000, 0, 1000000",
    "1_000_000, 0, 1000000",
    "1e6, 0, 1000000",
    "2.5E+6, 0, 2500000",
    "10^12, 0, 1000000000000",
    "1e3..10^4, 1000, 10000",
    "7..7, 7, 7",
    "10000000000000, 0, 10000000000000"
  })
  void readsNumbersAsPeopleTypeThem(String text, long from, long to) {
    assertEquals(new NumberRange(from, to), NumberRange.parse(text, MAX));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "x", "12x", "-5", "..", "1..", "..5", "1..2..3", "1e", "1e-3", "_1", "1 000"})
  void refusesWhatIsNoNumberAndNamesIt(String text) {
    var wrong = assertThrows(IllegalArgumentException.class, () -> NumberRange.parse(text, MAX));
    assertTrue(String.valueOf(wrong.getMessage()).contains("is not a number"), wrong.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.5", "1.23e1"})
  void refusesFractions(String text) {
    var wrong = assertThrows(IllegalArgumentException.class, () -> NumberRange.parse(text, MAX));
    assertEquals("'" + text + "' is not a whole number", wrong.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"10000000000001", "1e14", "10^14", "9^999", "1e999", "99999999999999999999"})
  void refusesWhatIsTooLarge(String text) {
    var wrong = assertThrows(IllegalArgumentException.class, () -> NumberRange.parse(text, MAX));
    assertEquals(
        "'" + text + "' is too large: the largest number possible is 10000000000000",
        wrong.getMessage());
  }

  @Test
  void refusesAnEmptyRange() {
    var wrong = assertThrows(IllegalArgumentException.class, () -> NumberRange.parse("5..3", MAX));
    assertEquals("the range 5..3 is empty: write the smaller number first", wrong.getMessage());
  }
}
