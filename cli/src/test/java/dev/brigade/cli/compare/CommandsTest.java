package dev.brigade.cli.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsTest {
  @TempDir Path folder;

  @Test
  void argumentTakesThePlaceOfTheBraces() {
    assertEquals("cp 'a b' 'a b'.bak", Commands.line("cp {} {}.bak", "a b"));
    assertEquals("wc -l 'x'", Commands.line("wc -l", "x"));
  }

  @Test
  void argumentReachesTheCommandAsItIs() throws Exception {
    String nasty = "it's $HOME `id` \"q\" \\ ; * é";
    Path file = folder.resolve("out");
    try (var commands = new Commands("printf %s {} > '" + file + "'", List.of(nasty), 1)) {
      commands.run(0);
      assertEquals(List.of(), commands.failures());
    }
    assertEquals(nasty, Files.readString(file));
  }

  @Test
  void failuresAreToldOnceInTheOrderOfTheArguments() throws Exception {
    try (var commands = new Commands("exit {}", List.of("0", "3", "4"), 2)) {
      for (int item : new int[] {2, 1, 0, 1}) commands.run(item);
      assertEquals(List.of("exit '3': exit code 3", "exit '4': exit code 4"), commands.failures());
    }
  }
}
