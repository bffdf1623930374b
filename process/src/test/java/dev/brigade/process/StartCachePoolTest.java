package dev.brigade.process;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.task.Work;
import java.io.File;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The start cache as programs see it, which are started from jars. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StartCachePoolTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private static Path shared;
  private static String classPath = "";
  private static Path made = Path.of("");
  private static List<String> said = List.of();

  @TempDir private Path folder;

  @BeforeAll
  static void makeOne() throws Exception {
    classPath =
        String.join(
            File.pathSeparator,
            jar(Work.class, "core.jar"),
            jar(ProcessPool.class, "process.jar"),
            origin(CachedParent.class).toString());
    made = shared.resolve("caches/made");
    Files.createDirectory(shared.resolve("temporary"));
    Process other = start("race", made);
    said = new ArrayList<>(lines(start("race", made)));
    said.addAll(lines(other));
  }

  private static Path origin(Class<?> one) throws Exception {
    return Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static String jar(Class<?> one, String name) throws Exception {
    Path from = origin(one);
    Path to = shared.resolve(name);
    if (Files.isRegularFile(from)) return Files.copy(from, to).toString();
    try (OutputStream out = Files.newOutputStream(to);
        var jar = new JarOutputStream(out);
        Stream<Path> all = Files.walk(from)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        jar.putNextEntry(new JarEntry(from.relativize(file).toString()));
        long unused = Files.copy(file, jar);
        jar.closeEntry();
      }
    }
    return to.toString();
  }

  private static Process start(String what, Path cache, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Djava.io.tmpdir=" + shared.resolve("temporary"));
    command.add("-XX:-UsePerfData");
    command.addAll(List.of("-cp", classPath, CachedParent.class.getName(), what, cache.toString()));
    command.addAll(Arrays.asList(options));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static List<String> lines(Process program) throws Exception {
    List<String> lines = program.inputReader().lines().toList();
    assertEquals(0, program.waitFor(), lines.toString());
    return lines;
  }

  private static List<String> run(String what, Path cache, String... options) throws Exception {
    return lines(start(what, cache, options));
  }

  private static List<String> names(Path folder) throws Exception {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }

  private static Path cache() throws Exception {
    return made.resolve(names(made).getLast());
  }

  /** A folder as it is after somebody damaged the cache in it. */
  private Path with(byte[] bytes) throws Exception {
    Path caches = folder.resolve("caches");
    Files.createDirectory(
        caches, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path unused = Files.write(caches.resolve(cache().getFileName()), bytes);
    return caches;
  }

  @Test
  void poolsThatRaceMakeOneAndAllSeeIt() throws Exception {
    assertEquals(6, said.size(), said.toString());
    for (String s : said) assertTrue(s.startsWith("made") || s.equals("used"), said.toString());
    List<String> names = names(made);
    assertEquals(2, names.size(), names.toString());
    assertEquals("lock", names.getFirst());
    assertTrue(names.getLast().endsWith(".aot"), names.toString());
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(made)));
  }

  @Test
  void theNextProgramUsesItAndItsSizesOfMemoryDontMatter() throws Exception {
    assertEquals(List.of("with: used"), run("use", made));
    assertEquals(List.of("with: used"), run("use", made, "-Xmx96m", "-Dits.own=thing"));
  }

  @Test
  void aBrokenOneDoesNoHarmAndIsNotMentioned() throws Exception {
    byte[] whole = Files.readAllBytes(cache());
    byte[] half = Arrays.copyOf(whole, whole.length / 2);
    byte[] headless = Arrays.copyOf(whole, whole.length);
    Arrays.fill(headless, 0, 4096, (byte) 1);
    int n = 0;
    for (byte[] bytes : List.of(half, headless, new byte[] {1})) {
      Path caches = with(bytes);
      List<String> lines = run("use", caches);
      assertEquals(1, lines.size(), lines.toString());
      Files.move(caches, folder.resolve("done" + n++));
    }
    // The JVM is not given an empty one, and the pool may have begun to make a new one.
    List<String> lines = run("use", with(new byte[0]));
    assertEquals(1, lines.size(), lines.toString());
    assertTrue(lines.getFirst().startsWith("without: "), lines.toString());
  }

  @Test
  void optionsOfTheUserAboutSuchFilesWin() throws Exception {
    assertEquals(
        List.of("without: the option -Xshare:auto excludes it"), run("use", made, "-Xshare:auto"));
  }

  @Test
  void aFolderThatCanNotBeMadeOrWrittenIsDoneWithout() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    List<String> lines = run("use", file.resolve("caches"));
    assertEquals(1, lines.size(), lines.toString());
    assertTrue(lines.getFirst().startsWith("without: not made"), lines.toString());
  }

  @Test
  void aPoolThatIsClosedLeavesNothingOfTheOneThatItMakes() throws Exception {
    assertEquals(List.of("left: 0"), run("close", folder.resolve("caches")));
    assertEquals(List.of("lock"), names(folder.resolve("caches")));
    assertEquals(List.of(), names(shared.resolve("temporary")));
  }

  @Test
  void aProgramThatExitsLeavesNothingOfTheOneThatItMakes() throws Exception {
    assertEquals(List.of("leaves false"), run("exit", folder.resolve("caches")));
    assertEquals(List.of("lock"), names(folder.resolve("caches")));
    assertEquals(List.of(), names(shared.resolve("temporary")));
    await()
        .atMost(PATIENCE)
        .until(() ->
            ProcessHandle.allProcesses()
                .noneMatch(p ->
                    p.info().commandLine().orElse("").contains("=" + shared.resolve("temporary"))));
  }

  @Test
  void theFolderIsCheckedAndMadeAbsolute() throws Exception {
    Path relative = Path.of("caches");
    assertEquals(
        relative.toAbsolutePath(), WorkerOptions.of().withStartCache(relative).jvm().startCache());
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> WorkerOptions.of().withStartCache(Path.of("a" + File.pathSeparator + "b")));
    assertTrue(
        String.valueOf(e.getMessage()).startsWith("startCache must not contain"), e.toString());
    try (var zip =
        FileSystems.newFileSystem(
            URI.create("jar:" + shared.resolve("core.jar").toUri()), Map.of())) {
      Path inside = zip.getPath("/caches");
      assertThrows(IllegalArgumentException.class, () -> WorkerOptions.of().withStartCache(inside));
    }
  }

  @Test
  void otherOptionsKeepIt() {
    Path at = folder.resolve("caches");
    var options =
        WorkerOptions.of()
            .withStartCache(at)
            .withJvmOptions("-Da=b")
            .withEnvironment("A", "b")
            .withDirectory(folder.toFile())
            .withFilter("java.base/*");
    assertEquals(at, options.jvm().startCache());
  }
}
