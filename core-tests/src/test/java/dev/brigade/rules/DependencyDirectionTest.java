package dev.brigade.rules;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who may know whom. To allow a new dependency, change a table here, with the design in mind. */
class DependencyDirectionTest {
  /** Brigade's modules, each with those that its build may depend on. */
  private static final Map<String, Set<String>> MODULES =
      Map.ofEntries(
          Map.entry("core", Set.of()),
          Map.entry("process", Set.of("core", "testing")),
          Map.entry("cluster", Set.of("core", "testing")),
          Map.entry("fetch", Set.of("core", "testing")),
          Map.entry("jobs", Set.of("core", "testing")),
          Map.entry("dashboard", Set.of("core", "jobs", "testing")),
          Map.entry("doctor", Set.of()),
          Map.entry("testing", Set.of("core")),
          Map.entry("core-tests", Set.of("core", "process", "testing")),
          Map.entry(
              "examples",
              Set.of("core", "process", "cluster", "fetch", "jobs", "dashboard", "testing")),
          Map.entry(
              "cli",
              Set.of(
                  "core",
                  "process",
                  "cluster",
                  "fetch",
                  "jobs",
                  "dashboard",
                  "doctor",
                  "examples",
                  "testing")),
          Map.entry(
              "benchmarks",
              Set.of(
                  "core",
                  "process",
                  "cluster",
                  "fetch",
                  "jobs",
                  "dashboard",
                  "doctor",
                  "examples",
                  "testing")));

  /** The packages of core: each may use those before it, and itself. */
  private static final List<String> CORE_PACKAGES =
      List.of(
          "annotation",
          "time",
          "observe",
          "report",
          "engine",
          "measure",
          "task",
          "policy",
          "auto",
          "channel",
          "pipeline");

  /**
   * The entrance to the whole lives in the package whose inside it needs, and so may know what is
   * built on that package; nothing else there may.
   */
  private static final Set<String> FRONT_DOOR =
      Set.of(
          "dev/brigade/task/Tasks.class",
          "dev/brigade/task/FanOut.class",
          "dev/brigade/task/Choices.class",
          "dev/brigade/task/AdaptivePace.class",
          "dev/brigade/task/AdvisedList.class",
          "dev/brigade/task/AdviceWriter.class",
          "dev/brigade/task/AdviceWriter$1.class",
          "dev/brigade/task/AutoRun.class",
          "dev/brigade/task/Measuring.class",
          "dev/brigade/task/UnderPolicy.class",
          "dev/brigade/task/UnderPolicy$Call.class");

  private static final Set<String> AFTER_TASK = Set.of("policy", "auto");

  /** What core may require at run time. */
  private static final Set<String> CORE_REQUIRES = Set.of("java.base", "jdk.management");

  private static final Pattern CORE_TYPE = Pattern.compile("dev/brigade/(\\w+)/\\w");

  @Test
  void modulesDependOnlyOnWhatTheTableAllows() throws Exception {
    for (String module : Repository.modules()) {
      assertTrue(MODULES.containsKey(module), "not in the table of modules: " + module);
      Set<String> surplus = new TreeSet<>(Repository.dependencies(module));
      surplus.removeAll(MODULES.get(module));
      assertEquals(Set.of(), surplus, module + " must not depend on these");
    }
  }

  @Test
  void coreRequiresTheJdkOnly() {
    Set<String> required =
        ModuleFinder.of(Repository.location("dev.brigade.core"))
            .find("dev.brigade.core")
            .orElseThrow()
            .descriptor()
            .requires()
            .stream()
            .filter(r -> !r.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC))
            .map(ModuleDescriptor.Requires::name)
            .collect(toSet());
    required.removeAll(CORE_REQUIRES);
    assertEquals(Set.of(), required);
  }

  @Test
  void packagesOfCoreUseOnlyThoseBeforeThem() throws Exception {
    var wrong = new TreeSet<String>();
    try (ModuleReader reader =
            ModuleFinder.of(Repository.location("dev.brigade.core"))
                .find("dev.brigade.core")
                .orElseThrow()
                .open();
        Stream<String> files = reader.list()) {
      for (String file : files.filter(f -> f.endsWith(".class") && f.contains("/")).toList()) {
        ClassModel type = ClassFile.of().parse(reader.open(file).orElseThrow().readAllBytes());
        String from = packageOf(file);
        int rank = CORE_PACKAGES.indexOf(from);
        assertTrue(rank >= 0, "not in the table of core's packages: " + from);
        for (String to : used(type)) {
          if (FRONT_DOOR.contains(file) && AFTER_TASK.contains(to)) continue;
          if (CORE_PACKAGES.indexOf(to) > rank) {
            wrong.add(file.replace(".class", "") + " uses " + to);
          }
        }
      }
    }
    assertEquals(Set.of(), wrong, "the order is " + CORE_PACKAGES);
  }

  private static String packageOf(String file) {
    return file.replaceFirst("^dev/brigade/", "").replaceFirst("/[^/]*$", "");
  }

  /** Class references, and the types in descriptors and signatures. */
  private static Set<String> used(ClassModel type) {
    var packages = new TreeSet<String>();
    for (var entry : type.constantPool()) {
      String text =
          switch (entry) {
            case ClassEntry reference -> reference.asInternalName();
            case Utf8Entry utf8 when utf8.stringValue().contains("Ldev/brigade/") ->
                utf8.stringValue();
            default -> "";
          };
      CORE_TYPE.matcher(text).results().forEach(found -> packages.add(found.group(1)));
    }
    return packages;
  }
}
