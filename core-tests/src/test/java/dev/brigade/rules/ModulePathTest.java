package dev.brigade.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Core as a user's modular program meets it. All other tests run on the class path. */
class ModulePathTest {
  private static final String MODULE = "module user { requires dev.brigade.core; }";

  private static final String MAIN =
      """
      package user;

      public class Main {
        public static void main(String[] args) {
          Module core = dev.brigade.task.Tasks.class.getModule();
          Module user = Main.class.getModule();
          for (String name : core.getPackages()) {
            boolean declared =
                core.getDescriptor().exports().stream().anyMatch(e -> e.source().equals(name) && !e.isQualified());
            if (core.isExported(name, user) != declared || core.isOpen(name, user)) {
              throw new AssertionError(name);
            }
          }
          System.out.print(user.getName() + " uses " + core.getName());
        }
      }
      """;

  @TempDir Path dir;

  @Test
  void modularProgramCompilesAndRuns() throws Exception {
    Path core = Repository.location("dev.brigade.core");
    assertEquals("", compile(core, Map.of("module-info", MODULE, "user/Main", MAIN)));
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-p",
                core + File.pathSeparator + dir.resolve("out"),
                "-m",
                "user/user.Main")
            .redirectErrorStream(true)
            .start();
    String output = new String(java.getInputStream().readAllBytes(), UTF_8);
    assertEquals("user uses dev.brigade.core", output);
    assertEquals(0, java.waitFor());
  }

  @Test
  void packagePrivateClassesAreOutOfReach() throws Exception {
    Path core = Repository.location("dev.brigade.core");
    String name = PublicApi.firstHiddenClass(core);
    if (name == null) {
      return;
    }
    String reach = "package user; class Reach { Object o = %s.class; }".formatted(name);
    assertNotEquals("", compile(core, Map.of("module-info", MODULE, "user/Reach", reach)));
  }

  /** What the compiler complains about, or nothing. */
  private String compile(Path core, Map<String, String> sources) throws Exception {
    var arguments =
        new ArrayList<>(List.of("-p", core.toString(), "-d", dir.resolve("out").toString()));
    for (var source : sources.entrySet()) {
      Path file = dir.resolve("src").resolve(source.getKey() + ".java");
      Files.createDirectories(file.getParent());
      Files.writeString(file, source.getValue());
      arguments.add(file.toString());
    }
    var output = new StringWriter();
    var writer = new PrintWriter(output);
    int status =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(writer, writer, arguments.toArray(String[]::new));
    return status == 0 ? "" : output.toString();
  }
}
