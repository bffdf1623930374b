package dev.brigade.process.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The command line of a worker, and what its JVM makes of it. */
class LauncherTest {
  private static final String MAIN = Victim.class.getName();

  private static List<String> carried(String... arguments) {
    return CarriedOptions.of(List.of(arguments));
  }

  private static LaunchSpec spec(String... options) {
    return new LaunchSpec(List.of(options), Map.of(), null, MAIN);
  }

  /** What it printed. */
  private static List<String> run(LaunchSpec spec, Path folder) throws Exception {
    Process worker = Launcher.start(spec, folder, ProcessBuilder.Redirect.PIPE);
    List<String> lines = new ArrayList<>();
    var output = ErrorOutput.ofOutput(worker, Sink.lines(lines::add));
    var errors = ErrorOutput.ofError(worker, Sink.none());
    int code = worker.waitFor();
    assertTrue(output.finish(30, TimeUnit.SECONDS));
    assertTrue(errors.finish(30, TimeUnit.SECONDS));
    assertEquals(0, code, errors.tail());
    return lines;
  }

  @Test
  void carriesWhatClassesMayDoAndSee() {
    assertEquals(
        List.of(
            "-Da=b c",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-modules=java.sql",
            "--enable-preview",
            "--enable-native-access=x",
            "--sun-misc-unsafe-memory-access=allow",
            "-ea:dev...",
            "-esa",
            "-XX:ActiveProcessorCount=2"),
        carried(
            "-Da=b c",
            "--add-opens",
            "java.base/java.lang=ALL-UNNAMED",
            "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-modules",
            "java.sql",
            "--enable-preview",
            "--enable-native-access=x",
            "--sun-misc-unsafe-memory-access=allow",
            "-ea:dev...",
            "-esa",
            "-XX:ActiveProcessorCount=2",
            "Main",
            "-Dof=the program"));
  }

  @Test
  void leavesBehindWhatIsOneJvmsOwn() {
    assertEquals(
        List.of("-Dkept=1"),
        carried(
            "-javaagent:x.jar",
            "-agentlib:jdwp=transport=dt_socket,server=y,address=5005",
            "-agentpath:/x",
            "-Xdebug",
            "-Xrunjdwp:server=y",
            "-Xmx4g",
            "-Xms4g",
            "-Xss2m",
            "-Xlog:gc",
            "-Xshare:auto",
            "-XX:+UseZGC",
            "-XX:MaxRAMPercentage=75",
            "-XX:AOTCache=app.aot",
            "-XX:AOTCacheOutput=app.aot",
            "-XX:StartFlightRecording=duration=1s",
            "-XX:+HeapDumpOnOutOfMemoryError",
            "-Dcom.sun.management.jmxremote.port=9",
            "-verbose:gc",
            "-cp",
            "-Dnot=a property",
            "-p",
            "mods",
            "--module-path=mods",
            "--class-path=x",
            "-Dkept=1",
            "-jar",
            "-Dnot=this"));
    assertEquals(List.of(), carried("-m", "-Dx=y"));
    assertEquals(List.of(), carried("--add-opens"));
    assertEquals(List.of(), carried());
  }

  @Test
  void makesPathsAbsolute() {
    String here = Path.of("").toAbsolutePath().toString();
    assertEquals(
        List.of(
            "-Xbootclasspath/a:" + here + File.separator + "x.jar",
            "--patch-module=m=" + here + File.separator + "p",
            "--upgrade-module-path=" + here + File.separator + "u"),
        carried("-Xbootclasspath/a:x.jar", "--patch-module", "m=p", "--upgrade-module-path", "u"));
    String list = "a.jar" + File.pathSeparator + File.pathSeparator + "/b";
    assertEquals(
        List.of(new File("a.jar").getAbsolutePath(), here, new File("/b").getAbsolutePath()),
        List.of(Origin.absolute(list).split(File.pathSeparator)));
  }

  @Test
  void readsVariablesAsTheJvmDoes() {
    assertEquals(
        List.of("-Da=b c", "-Dd='", "", "-ea"),
        OwnArguments.words("  -Da=\"b c\"\t-Dd=\"'\" '' \n-ea "));
    assertEquals(List.of(), OwnArguments.words(" "));
  }

  @Test
  void namesOneCollectorAtMost() throws Exception {
    assertTrue(Launcher.command(spec(), Path.of("x"), List.of()).contains("-XX:+UseSerialGC"));
    for (String own : List.of("-XX:+UseParallelGC", "-XX:-UseSerialGC", "@options", "-XX:Flags=x"))
      assertFalse(
          Launcher.command(spec(own), Path.of("x"), List.of()).contains("-XX:+UseSerialGC"), own);
    var variable =
        new LaunchSpec(List.of(), Map.of("JAVA_TOOL_OPTIONS", "-ea -XX:+UseG1GC"), null, MAIN);
    assertFalse(Launcher.command(variable, Path.of("x"), List.of()).contains("-XX:+UseSerialGC"));
  }

  @Test
  void theCallersOptionsComeLast() throws Exception {
    List<String> command =
        Launcher.command(spec("-XX:-ExitOnOutOfMemoryError"), Path.of("x"), List.of());
    assertTrue(
        command.indexOf("-XX:-ExitOnOutOfMemoryError")
            > command.indexOf("-XX:+ExitOnOutOfMemoryError"));
    assertTrue(command.indexOf("-XX:+ExitOnOutOfMemoryError") > 0);
    assertEquals(MAIN, command.getLast());
  }

  @Test
  void whatIsLongOrSecretGoesThroughAFile(@TempDir Path folder) throws Exception {
    List<String> few = List.of("-ea", MAIN);
    assertEquals(few, Launcher.command(few, folder, false).subList(1, 3));
    List<String> manyWords = new ArrayList<>();
    for (int n = 0; n < 5000; n++) manyWords.add("-Dproperty" + n + "=x");
    for (List<String> arguments : List.of(manyWords, List.of("-cp", "x".repeat(20_000)))) {
      List<String> command = Launcher.command(arguments, folder, false);
      assertEquals("@" + folder.resolve("arguments"), command.get(1));
      assertEquals(2, command.size());
    }
    assertEquals("@" + folder.resolve("arguments"), Launcher.command(few, folder, true).get(1));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void anArgumentFileIsReadBackAsItWasWhateverIsInIt(@TempDir Path folder) throws Exception {
    String odd = "a b\"c'd\\e\\\\f#g\n\th\r$i@j*";
    Path directory = Files.createDirectories(folder.resolve(odd).resolve("classes"));
    List<String> arguments =
        List.of(
            "-Dvictim.end=print",
            "-Dvictim.property=" + odd.replace("\n", "").replace("\r", ""),
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path") + File.pathSeparator + directory,
            MAIN);
    String file =
        ArgumentFile.write(folder.resolve("arguments"), arguments, StandardCharsets.UTF_8);
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process = new ProcessBuilder(java, file).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), printed);
    assertTrue(printed.contains(directory + "\nproperty a b\"c'd\\e\\\\f#g\th$i@j*\n"), printed);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aWorkerSeesTheseClassesItsDirectoryAndItsEnvironment(
      @TempDir Path folder, @TempDir Path directory) throws Exception {
    var spec =
        new LaunchSpec(
            List.of("-Dvictim.end=print", "-Dvictim.property=a b", "-XX:+UseParallelGC", "-Xmx32m"),
            Map.of("VICTIM", "set", "PATH", ""),
            directory.toFile(),
            MAIN);
    List<String> printed = run(spec, folder);
    String classPath = Origin.absolute(System.getProperty("java.class.path"));
    assertEquals(
        List.of(
            "class path " + classPath,
            "property a b",
            "directory " + directory.toRealPath(),
            "environment set",
            "collector PS MarkSweep"),
        printed);
  }

  @Test
  void classesFromUrlLoadersOverFilesCanBeGivenOn(@TempDir Path folder) throws Exception {
    URL file = folder.resolve("a b.jar").toUri().toURL();
    try (var loader = new URLClassLoader(new URL[] {file}, null)) {
      assertEquals(List.of(folder.resolve("a b.jar").toString()), Origin.files(loader));
    }
    URL nested = URI.create("jar:file:/app.jar!/lib/x.jar!/").toURL();
    try (var loader = new URLClassLoader(new URL[] {nested}, null)) {
      assertNull(Origin.files(loader));
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aWrapperIsTakenOnlyIfItWorks() throws Exception {
    assertEquals(List.of(), DeathSignalWrapper.find(""));
    assertEquals(List.of(), DeathSignalWrapper.find("/no/such/setpriv"));
    assertEquals(List.of(), DeathSignalWrapper.find("/bin/false"));
    assertEquals(List.of("/bin/true", "--pdeathsig", "KILL"), DeathSignalWrapper.find("/bin/true"));
    List<String> with = Launcher.command(spec(), Path.of("x"), List.of("wrapper"));
    assertEquals("wrapper", with.getFirst());
    assertFalse(with.contains("--enable-native-access=ALL-UNNAMED"));
    List<String> without = Launcher.command(spec(), Path.of("x"), List.of());
    assertTrue(without.contains("--enable-native-access=ALL-UNNAMED"));
  }

  @Test
  void assertionsAreOnThereIfTheyAreHere() throws Exception {
    List<String> command = Launcher.command(spec(), Path.of("x"), List.of());
    assertEquals(getClass().desiredAssertionStatus(), CarriedOptions.mentionAssertions(command));
    assertTrue(CarriedOptions.mentionAssertions(List.of("-x", "-da:dev...")));
    assertFalse(CarriedOptions.mentionAssertions(List.of("-Dea=1", "--enable-preview")));
  }

  @Test
  void nothingStandsInTheWayHere() {
    assertNull(Launcher.obstacle());
  }

  @Test
  void programsAreJavaOrNot() {
    assertTrue(OwnArguments.isJava("/usr/bin/java"));
    assertTrue(OwnArguments.isJava("C:\\jdk\\bin\\JAVA.EXE"));
    assertFalse(OwnArguments.isJava("/opt/app/bin/app"));
    assertFalse(OwnArguments.isJava("javadoc"));
  }
}
