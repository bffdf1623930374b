package dev.brigade.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.cli.terminal.JsonReader;
import dev.brigade.examples.Example;
import dev.brigade.examples.Examples;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ExampleCommandTest {
  @Test
  void listsEveryExampleUnderItsTheme() {
    Run run = Run.of("example");
    assertEquals(0, run.code());
    for (Example example : Examples.all()) {
      int heading = run.out().indexOf(example.theme().title());
      int line = run.out().indexOf("\n  " + example.name() + " ");
      assertTrue(heading >= 0 && line > heading, example.name());
    }
    assertEquals(List.of(), run.out().lines().filter(line -> line.length() > 80).toList());
  }

  @Test
  void runsOne() {
    Run run = Run.of("example", "gather");
    assertEquals(0, run.code(), run.out());
    assertTrue(run.out().startsWith("gather "), run.out());
  }

  @Test
  void jsonHasTheVerdictAndWhatWasMeasured() {
    Run run = Run.of("example", "gather", "--json");
    var examples = (List<?>) Objects.requireNonNull(JsonReader.object(run.out()).get("examples"));
    var gather = (Map<?, ?>) examples.getFirst();
    assertEquals("gather", gather.get("name"));
    assertEquals(true, gather.get("holds"));
    assertTrue(!((List<?>) Objects.requireNonNull(gather.get("measurements"))).isEmpty());
  }

  @Test
  void jsonOfTheList() {
    var examples =
        (List<?>)
            Objects.requireNonNull(
                JsonReader.object(Run.of("example", "--json").out()).get("examples"));
    assertEquals(Examples.all().size(), examples.size());
  }

  @Test
  void unknownNameIsWrongUseWithNearMatches() {
    MainTest.assertWrong(
        Run.of("example", "gathr"),
        "brigade example: there is no example 'gathr'. Did you mean gather?",
        "See 'brigade example --help'.");
  }

  @Test
  void nameTogetherWithAllIsWrongUse() {
    assertEquals(2, Run.of("example", "--all", "gather").code());
  }
}
