package dev.brigade.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.brigade.task.Tasks;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ExamplesTest {
  @TestFactory
  Stream<DynamicTest> theClaimHoldsHere() {
    return Examples.all().stream().map(e -> dynamicTest(e.name(), () -> runs(e)));
  }

  private static void runs(Example example) throws Exception {
    var printed = new ByteArrayOutputStream();
    Verdict verdict;
    try (var out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      verdict = example.run(out);
    }
    String text = printed.toString(StandardCharsets.UTF_8);
    assertTrue(verdict.holds(), text);
    assertEquals(0, Tasks.snapshot().taskCount(), "tasks left behind");
    assertTrue(text.contains(example.claim()), text);
    for (var row : verdict.rows()) assertTrue(text.contains(row.measured()), text);
  }

  @Test
  void namesAreUniqueAndKnownToTheGuides() throws Exception {
    Map<String, String> rows = rowsOfTheGuides();
    var seen = new HashSet<String>();
    for (Example e : Examples.all()) {
      assertTrue(seen.add(e.name()), "twice: " + e.name());
      assertNotNull(rows.get(e.name()), "not a construct of the guides: " + e.name());
      assertEquals(rows.get(e.name()), e.guide(), e.name());
    }
  }

  @Test
  void theCatalogueGoesByTheme() {
    List<Theme> themes = Examples.all().stream().map(Example::theme).toList();
    assertEquals(themes.stream().sorted().toList(), themes);
  }

  @Test
  void anExampleIsFoundByItsName() {
    for (Example e : Examples.all()) assertEquals(e, Examples.find(e.name()).orElseThrow());
    assertTrue(Examples.find("no such example").isEmpty());
  }

  private static Map<String, String> rowsOfTheGuides() throws Exception {
    var rows = new TreeMap<String, String>();
    try (var in = ExamplesTest.class.getResourceAsStream("constructs.txt")) {
      assertNotNull(in);
      var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).lines();
      lines
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(" ", 2))
          .forEach(cells -> rows.put(cells[0], cells[1]));
    }
    return rows;
  }
}
