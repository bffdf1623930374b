package dev.brigade.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The committed text of the public API is what the classes say. */
@Tag("api")
class PublicApiTest {
  @ParameterizedTest(name = "api/{0}.txt")
  @CsvSource({
    "core, dev.brigade.core",
    "process, dev.brigade.process",
    "testing, dev.brigade.testing"
  })
  void committedTextMatchesTheClasses(String name, String module) throws Exception {
    Path file = Repository.root().resolve("api").resolve(name + ".txt");
    String actual = PublicApi.of(Repository.location(module));
    assertEquals(
        Set.of(), PublicApi.unreachable(actual), "in signatures, but not public and exported");
    if (Boolean.getBoolean("brigade.api.write")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, actual);
      return;
    }
    String committed = Files.exists(file) ? Files.readString(file) : "";
    if (!actual.equals(committed)) {
      fail(
          "The public API differs from api/%s.txt. If the change is intended, run ./build api and commit the file.%n%s%s"
              .formatted(name, only("-", committed, actual), only("+", actual, committed)));
    }
  }

  private static String only(String sign, String text, String other) {
    Set<String> lines = new HashSet<>(Arrays.asList(other.split("\n")));
    var result = new StringBuilder();
    text.lines()
        .filter(line -> !lines.contains(line))
        .forEach(line -> result.append(sign + line + "\n"));
    return result.toString();
  }
}
