package dev.brigade.rules;

import com.sun.source.util.JavacTask;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Compiles snippets. One with an import or a main method is a whole file. Any other is the body of
 * a method, or, where that does not parse, members of a class; statements that begin with {@code
 * static} become members. That class extends {@code Stubs}, a test resource which declares what
 * snippets take for granted, and everything public of Brigade and {@code java.base} is imported.
 */
final class SnippetCompiler {
  private static final JavaCompiler JAVAC = ToolProvider.getSystemJavaCompiler();
  private static final Pattern WHOLE =
      Pattern.compile("^(import |(public )?(static )?void main\\()", Pattern.MULTILINE);
  private static final Pattern NAME =
      Pattern.compile("^(?:public )?(?:final )?(?:class|record|enum) (\\w+)", Pattern.MULTILINE);
  private static final Pattern HOISTED = Pattern.compile("^static [^;]*;", Pattern.MULTILINE);
  private static final String IMPORTS =
      "import module java.base; import dev.brigade.task.*; import dev.brigade.engine.*;"
          + " import dev.brigade.policy.*; import dev.brigade.observe.*; import dev.brigade.time.*;"
          + " import dev.brigade.report.*;"
          + " import dev.brigade.auto.*; import dev.brigade.process.*;"
          + " import dev.brigade.testing.*; import dev.brigade.testing.conformance.*;"
          + " import dev.brigade.testing.simulation.*; ";

  private final Path classes;
  private final String stubs;
  private final Map<String, Snippet> origins = new HashMap<>();

  SnippetCompiler(Path classes, String stubs) {
    this.classes = classes;
    this.stubs = stubs;
  }

  /** What the compiler complains about, each with the place in the text. */
  List<String> problems(List<Snippet> snippets) {
    var units = new ArrayList<JavaFileObject>();
    units.add(new Source("Stubs", IMPORTS + stubs));
    for (Snippet s : snippets) units.add(unit(s, units.size()));
    var found = new DiagnosticCollector<JavaFileObject>();
    JAVAC.getTask(null, null, found, options(), null, units).call();
    return found.getDiagnostics().stream()
        .filter(d -> d.getKind() == Diagnostic.Kind.ERROR)
        .map(this::text)
        .toList();
  }

  /** The name of the class that a whole file makes. */
  static String className(Snippet s, String otherwise) {
    Matcher named = NAME.matcher(s.code());
    return isWhole(s) && named.find() ? named.group(1) : otherwise;
  }

  static boolean isWhole(Snippet s) {
    return WHOLE.matcher(s.code()).find();
  }

  private Source unit(Snippet s, int number) {
    String name = className(s, "Snippet" + number);
    String text = s.code();
    if (!isWhole(s)) {
      text = asStatements(name, s.code());
      if (!parses(text))
        text = IMPORTS + "abstract class " + name + " extends Stubs { " + s.code() + "}";
    }
    var unit = new Source(name, text);
    origins.put(unit.getName(), s);
    return unit;
  }

  /** Lines stay where they are, so that an error is reported at the right one. */
  private static String asStatements(String name, String code) {
    var members = new StringBuilder();
    Matcher hoisted = HOISTED.matcher(code);
    String body =
        hoisted.replaceAll(m -> {
          members.append(m.group().replace('\n', ' '));
          return "\n".repeat((int) m.group().chars().filter(c -> c == '\n').count());
        });
    return IMPORTS
        + ("abstract class "
            + name
            + " extends Stubs { "
            + members
            + " void snippet() throws Exception { ")
        + body
        + "}}";
  }

  private static boolean parses(String text) {
    var found = new DiagnosticCollector<JavaFileObject>();
    var task =
        (JavacTask)
            JAVAC.getTask(null, null, found, List.of(), null, List.of(new Source("X", text)));
    try {
      task.parse();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return found.getDiagnostics().isEmpty();
  }

  private List<String> options() {
    return List.of(
        "-d", classes.toString(), "-proc:none", "-cp", System.getProperty("java.class.path"));
  }

  private String text(Diagnostic<? extends JavaFileObject> d) {
    Snippet s = d.getSource() == null ? null : origins.get(d.getSource().getName());
    String where =
        s == null
            ? "Stubs:" + d.getLineNumber()
            : s.origin() + ":" + (s.line() + d.getLineNumber() - 1);
    return where + ": " + d.getMessage(Locale.ENGLISH);
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String name, String text) {
      super(URI.create("string:///" + name + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
