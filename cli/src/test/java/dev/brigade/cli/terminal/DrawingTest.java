package dev.brigade.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class DrawingTest {
  @Test
  void barIsFilledInEighthsAndAlwaysAsWide() {
    assertEquals("████", Bar.of(1, 4));
    assertEquals("██  ", Bar.of(0.5, 4));
    assertEquals("█▌  ", Bar.of(0.375, 4));
    assertEquals("    ", Bar.of(0, 4));
  }

  @Test
  void aLittleIsNotNothing() {
    assertEquals("▏   ", Bar.of(0.001, 4));
  }

  @Test
  void barStopsAtItsEnds() {
    assertEquals("████", Bar.of(1.4, 4));
    assertEquals("    ", Bar.of(-1, 4));
  }

  @Test
  void progressHasTwoShades() {
    assertEquals("██░░", Bar.ofProgress(0.5, 4));
  }

  @Test
  void timesHaveThreeDigitsAndAUnit() {
    assertEquals("870 µs", Figures.seconds(870e-6));
    assertEquals("29.1 ms", Figures.seconds(0.02912));
    assertEquals("9.99 ms", Figures.seconds(0.00999));
    assertEquals("1.00 s", Figures.seconds(0.99999));
    assertEquals("1.04 s", Figures.seconds(1.04));
    assertEquals("3 min 20 s", Figures.seconds(200.2));
  }

  @Test
  void figuresAreShort() {
    assertEquals("0.99x", Figures.factor(0.989));
    assertEquals("38.2x", Figures.factor(38.24));
    assertEquals("100x", Figures.factor(99.96));
    assertEquals("97%", Figures.percent(0.972));
    assertEquals("63 MB", Figures.megabytes(63_400_000));
    assertEquals("50,847,534", Figures.whole(50_847_534));
  }

  @Test
  void linesBreakBetweenWords() {
    assertEquals(List.of("one two", "three"), Lines.wrapped("one two three", 8));
    assertEquals(List.of("unbreakable"), Lines.wrapped("unbreakable", 4));
  }

  @Test
  void nearMatchesAreTheNearestFirst() {
    List<String> names = List.of("gather", "guarded", "timeout", "settle");
    assertEquals(List.of("gather"), NearMatches.of("gathr", names));
    assertEquals(List.of("timeout"), NearMatches.of("TIMEOUT", names));
    assertEquals(List.of("timeout"), NearMatches.of("time", names));
    assertEquals(List.of(), NearMatches.of("zzz", names));
  }

  @Test
  void distanceCountsLetters() {
    assertEquals(0, NearMatches.distance("same", "same"));
    assertEquals(1, NearMatches.distance("gathr", "gather"));
    assertEquals(3, NearMatches.distance("", "abc"));
  }

  @Test
  void colourIsOnlyForTerminals() {
    Terminal plain = Terminal.plain(System.out, System.err);
    assertEquals("text", plain.bold("text"));
    var coloured = new Terminal(System.out, System.err, true, true, true);
    assertTrue(coloured.bold("text").startsWith("\u001b[1m"));
    assertTrue(coloured.bold("text").endsWith("\u001b[0m"));
  }
}
