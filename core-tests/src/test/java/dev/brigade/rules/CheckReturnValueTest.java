package dev.brigade.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.policy.Policy;
import dev.brigade.task.FanOut;
import dev.brigade.task.Watchdog;
import java.lang.classfile.AttributedElement;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.lang.reflect.AccessFlag;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A result that must not be dropped is an error for Error Prone, which knows Brigade's annotation
 * by its simple name; what one may drop is none.
 */
class CheckReturnValueTest {
  private static final Pattern FOUND =
      Pattern.compile("Dropped\\.java:(\\d+): error: \\[CheckReturnValue\\]");
  private static final List<String> OPEN_TO_ERROR_PRONE =
      List.of(
          "api", "code", "comp", "file", "main", "model", "parser", "processing", "tree", "util");

  /** A copy that is not used: the choice is lost. */
  private static final List<String> CHOICES =
      List.of(
          "Tasks.limit(3);",
          "Tasks.on(Engine.cores());",
          "Tasks.named(\"a\");",
          "Tasks.within(second);",
          "Tasks.abandonAfter(second);",
          "Tasks.cancelledBy(CancelToken.never());",
          "FAN.limit(3);",
          "FAN.on(Engine.cores());",
          "FAN.named(\"a\");",
          "FAN.within(second);",
          "FAN.abandonAfter(second);",
          "FAN.cancelledBy(CancelToken.never());",
          "Tasks.with(limit);",
          "Tasks.retry(3);",
          "FAN.timeout(second);",
          "FAN.with(limit);",
          "policy.then(limit);",
          "policy.around(i -> i);",
          "Policy.of(policy, limit);",
          "Watchdog.options().withHogAfter(second);",
          "Limit.of(3);");

  /** There is a form without a result: forEach, run, runScope, runWithin, … */
  private static final List<String> RESULTS =
      List.of(
          "Tasks.map(List.of(1), i -> i);",
          "FAN.map(List.of(1), i -> i);",
          "Tasks.all(() -> 1, () -> 2);",
          "Tasks.all(List.of(() -> 1));",
          "FAN.all(() -> 1, () -> 2, () -> 3);",
          "Tasks.any(() -> 1);",
          "Tasks.anyOf(List.of(1), i -> i);",
          "FAN.quorum(1, List.of(1), i -> i);",
          "Tasks.mapReduce(List.of(1), i -> i, 0, Integer::sum);",
          "Tasks.scope(s -> 1);",
          "FAN.supervise(s -> 1);",
          "Tasks.within(second, () -> 1);",
          "Tasks.withinOr(second, 2, () -> 1);",
          "Tasks.shield(second, () -> 1);",
          "limit.call(() -> 1);",
          "guarded.call(i -> i);",
          "policy.call(() -> 1);",
          "policy.callFor(2, () -> 1);");

  /** Failures would get lost. */
  private static final List<String> FAILURES =
      List.of(
          "Tasks.settle(List.of(1), i -> i);",
          "FAN.settle(() -> 1);",
          "task.outcome();",
          "task.outcomeOrNull();",
          "outcome.isSuccess();",
          "outcome.orElse(2);",
          "outcome.failureOrNull();");

  /** It must be given back or closed, or says whether something was got at all. */
  private static final List<String> OPENED =
      List.of(
          "limit.acquire();",
          "limit.acquire(2);",
          "limit.tryAcquire(1);",
          "limit.tryAcquire(1, second);",
          "limit.around(i -> i);",
          "Tasks.asCompleted(List.of(1), i -> i);",
          "FAN.inOrder(List.of(1), i -> i);",
          "Engine.openVirtual();",
          "Engine.openCores(2);",
          "Engine.openThreads(2);",
          "Observers.register(e -> {});",
          "waiter.await(\"a\", 1);",
          "waiter.signal();");

  /** Done for their effect, at least by some. */
  private static final List<String> DROPPABLE =
      List.of(
          "Tasks.race(() -> 1, () -> 2);",
          "Tasks.timed(second, () -> 1);",
          "Tasks.shieldApart(second, () -> 1);",
          "Tasks.forEach(List.of(1), i -> {});",
          "scope.fork(() -> 1);",
          "scope.run(() -> {});",
          "scope.daemon(() -> {});",
          "scope.start(ready -> {});",
          "scope.await(TaskScope.Until.ALL, second);",
          "scope.cancel(\"a\");",
          "task.join();",
          "task.cancel(\"a\");",
          "outcome.orThrow();",
          "guarded.update(i -> i);",
          "guarded.callWhen(i -> true, i -> i);",
          "Tasks.token().onCancel(r -> {});",
          "limit.maxWaiters(3);",
          "Watchdog.start();",
          "var _ = limit.acquire();");

  /** What is opened for good by many, or closed by what it belongs to. */
  private static final Set<String> CLOSED_OR_MEANT_TO_STAY =
      Set.of(
          "CancelToken.onCancel",
          "Context.inherit",
          "Context.capture",
          "ElasticWidth.onGrowth",
          "Watchdog.start");

  /** Each policy must mark these again: for Error Prone an override inherits no annotation. */
  private static final Set<String> OF_POLICIES = Set.of("call", "callFor", "around", "then");

  @TempDir Path folder;

  @Test
  void whateverIsACopyOrMustBeClosedIsMarked() throws Exception {
    var unmarked = new TreeSet<String>();
    int marked = 0;
    try (ModuleReader reader = core().open();
        Stream<String> files = reader.list()) {
      for (String file : files.filter(f -> f.endsWith(".class") && f.contains("/")).toList()) {
        ClassModel type = ClassFile.of().parse(reader.open(file).orElseThrow().readAllBytes());
        Class<?> loaded = load(type.thisClass().asInternalName());
        if (!Modifier.isPublic(loaded.getModifiers())) continue;
        for (MethodModel m : type.methods()) {
          if (!m.flags().has(AccessFlag.PUBLIC) || m.flags().has(AccessFlag.SYNTHETIC)) continue;
          if (!mattersByItsType(loaded, m)) continue;
          if (isMarked(m) || isMarked(type)) marked++;
          else unmarked.add(loaded.getSimpleName() + "." + m.methodName().stringValue());
        }
      }
    }
    assertTrue(marked > 20, () -> "read nothing: " + unmarked);
    unmarked.removeAll(CLOSED_OR_MEANT_TO_STAY);
    assertEquals(Set.of(), unmarked, "mark these with @CheckReturnValue, or list them above");
  }

  private static ModuleReference core() {
    return ModuleFinder.of(Repository.location("dev.brigade.core"))
        .find("dev.brigade.core")
        .orElseThrow();
  }

  /** A copy of what it was called on, or something that has to be closed. */
  private static boolean mattersByItsType(Class<?> of, MethodModel m) throws Exception {
    if (Policy.class.isAssignableFrom(of) && OF_POLICIES.contains(m.methodName().stringValue()))
      return true;
    ClassDesc returned = m.methodTypeSymbol().returnType();
    if (!returned.isClassOrInterface()) return false;
    String name = returned.descriptorString();
    if (!name.startsWith("Ldev/brigade/")) return false;
    Class<?> result = load(name.substring(1, name.length() - 1));
    boolean copy = result == FanOut.class || result == Watchdog.Options.class;
    return copy || AutoCloseable.class.isAssignableFrom(result);
  }

  private static Class<?> load(String internalName) throws ClassNotFoundException {
    return Class.forName(
        internalName.replace('/', '.'), false, CheckReturnValueTest.class.getClassLoader());
  }

  private static boolean isMarked(AttributedElement of) {
    return of.findAttribute(Attributes.runtimeInvisibleAnnotations()).stream()
        .flatMap(all -> all.annotations().stream())
        .anyMatch(a -> a.className().equalsString("Ldev/brigade/annotation/CheckReturnValue;"));
  }

  @Test
  void errorProneFlagsEachResultThatIsDropped() throws Exception {
    List<String> all = Stream.of(CHOICES, RESULTS, FAILURES, OPENED).flatMap(List::stream).toList();
    assertEquals(new TreeSet<>(all), flagged(all));
  }

  @Test
  void errorProneFlagsNothingThatMayBeDropped() throws Exception {
    var all = new ArrayList<>(DROPPABLE);
    all.add("Tasks.limit(3);"); // it does look
    assertEquals(new TreeSet<>(List.of("Tasks.limit(3);")), flagged(all));
  }

  /** Which of these statements do not compile because of a result that is dropped. */
  private TreeSet<String> flagged(List<String> statements) throws Exception {
    Path source = folder.resolve("Dropped.java");
    var text =
        new StringBuilder(
            "import module java.base; import dev.brigade.task.*; import dev.brigade.engine.*;"
                + " import dev.brigade.policy.*; import dev.brigade.observe.*;"
                + " class Dropped { static final FanOut FAN = Tasks.limit(2);"
                + " void all(Duration second, Limit limit, Policy policy, Guarded<Integer> guarded, Waiter waiter,"
                + " Task<Integer> task, Outcome<Integer> outcome, TaskScope scope)"
                + " throws Exception {\n");
    for (String s : statements) text.append(s).append('\n');
    Files.writeString(source, text.append("}}\n"));
    String printed = compile(source);
    int errors = FOUND.matcher(printed).results().toList().size();
    assertEquals(errors, printed.split(": error: ", -1).length - 1, printed);
    assertTrue(errors > 0, printed);
    return FOUND
        .matcher(printed)
        .results()
        .map((MatchResult m) -> statements.get(Integer.parseInt(m.group(1)) - 2))
        .collect(toCollection(TreeSet::new));
  }

  private String compile(Path source) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "javac").toString());
    for (String p : OPEN_TO_ERROR_PRONE) {
      command.add("-J--add-exports=jdk.compiler/com.sun.tools.javac." + p + "=ALL-UNNAMED");
      command.add("-J--add-opens=jdk.compiler/com.sun.tools.javac." + p + "=ALL-UNNAMED");
    }
    command.addAll(
        List.of(
            "-J-XX:TieredStopAtLevel=1",
            "-J-XX:+UseSerialGC",
            "-XDcompilePolicy=simple",
            "-XDaddTypeAnnotationsToSymbol=true",
            "--should-stop=ifError=FLOW",
            "-Xmaxerrs",
            "1000",
            "-Xplugin:ErrorProne -XepDisableAllChecks -Xep:CheckReturnValue:ERROR",
            "-processorpath",
            errorProne().toString(),
            "-cp",
            Repository.location("dev.brigade.core").toString(),
            "-d",
            folder.toString(),
            source.toString()));
    Process javac = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed = new String(javac.getInputStream().readAllBytes(), UTF_8);
    assertEquals(1, javac.waitFor(), printed);
    return printed;
  }

  private static Path errorProne() throws Exception {
    Path target = Repository.root().resolve("core-tests/target/error-prone");
    try (Stream<Path> jars = Files.list(target)) {
      return jars.filter(f -> f.toString().endsWith(".jar")).findFirst().orElseThrow();
    }
  }
}
