package dev.brigade.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.File;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * Everything that users can see has a doc comment. Doclint's own check for it would also ask for a
 * tag for each parameter, which mostly repeats its name, so it is off and this takes its place.
 */
class DocCommentTest {
  @Test
  void exportedPackagesAreDocumented() throws Exception {
    var missing = new TreeSet<String>();
    for (String module : List.of("core", "process", "testing")) {
      Path sources = Repository.root().resolve(module).resolve("src/main/java");
      var files = new ArrayList<JavaFileObject>();
      for (Path folder : exported(sources, module)) {
        assertTrue(Files.exists(folder.resolve("package-info.java")), folder.toString());
        try (Stream<Path> all = Files.list(folder)) {
          for (Path f : all.filter(f -> f.toString().endsWith(".java")).toList())
            files.add(new Source(f.toUri(), Files.readString(f)));
        }
      }
      assertTrue(!files.isEmpty(), module);
      missing.addAll(undocumented(files));
    }
    assertEquals("", String.join("\n", missing));
  }

  @Test
  void missingCommentsAreFound() throws Exception {
    String text =
        """
        package p;
        public class A {
          public A() {}
          protected int field;
          int hidden;
          /** Has one. */ public void documented() {}
          public void bare() {}
          @Override public String toString() { return ""; }
          public enum E { ONE }
          public interface I { void implicitlyPublic(); }
          private static class Inner { public void inside() {} }
        }
        """;
    var source = new Source(URI.create("string:///p/A.java"), text);
    assertEquals(
        List.of(
            "A", "A.<init>", "A.field", "A.bare", "A.E", "A.E.ONE", "A.I", "A.I.implicitlyPublic"),
        undocumented(List.of(source)));
    var info = new Source(URI.create("string:///p/package-info.java"), "package p;");
    assertEquals(List.of("package p"), undocumented(List.of(info)));
  }

  private static List<Path> exported(Path sources, String module) throws Exception {
    var folders = new ArrayList<Path>();
    java.lang.module.ModuleFinder.of(Repository.location("dev.brigade." + module))
        .findAll()
        .iterator()
        .next()
        .descriptor()
        .exports()
        .forEach(e -> folders.add(sources.resolve(e.source().replace('.', File.separatorChar))));
    return folders;
  }

  private static List<String> undocumented(List<? extends JavaFileObject> files) throws Exception {
    var task =
        (JavacTask)
            ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, null, List.of("-proc:none"), null, files);
    var check = new Check(DocTrees.instance(task));
    for (CompilationUnitTree unit : task.parse()) check.unit(unit);
    return check.missing;
  }

  private static final class Check {
    private final DocTrees docs;
    private final List<String> missing = new ArrayList<>();

    Check(DocTrees docs) {
      this.docs = docs;
    }

    void unit(CompilationUnitTree unit) {
      var path = new TreePath(unit);
      if (unit.getSourceFile().getName().endsWith("package-info.java"))
        require(new TreePath(path, unit.getPackage()), "package " + unit.getPackageName());
      for (Tree t : unit.getTypeDecls())
        if (t instanceof ClassTree c) type(new TreePath(path, c), c, "", false);
    }

    private void type(TreePath path, ClassTree c, String outer, boolean inInterface) {
      if (!visible(c.getModifiers(), inInterface)) return;
      String name = outer + c.getSimpleName();
      require(path, name);
      boolean all = c.getKind() == Tree.Kind.INTERFACE || c.getKind() == Tree.Kind.ANNOTATION_TYPE;
      for (Tree m : c.getMembers()) {
        var at = new TreePath(path, m);
        switch (m) {
          case ClassTree inner -> type(at, inner, name + ".", all);
          case MethodTree method when visible(method.getModifiers(), all) && !overrides(method) ->
              require(at, name + "." + method.getName());
          case VariableTree field when visible(field.getModifiers(), all) ->
              require(at, name + "." + field.getName());
          default -> {}
        }
      }
    }

    private static boolean visible(ModifiersTree m, boolean inInterface) {
      var flags = m.getFlags();
      return flags.contains(Modifier.PUBLIC)
          || flags.contains(Modifier.PROTECTED)
          || inInterface && !flags.contains(Modifier.PRIVATE);
    }

    private static boolean overrides(MethodTree method) {
      return method.getModifiers().getAnnotations().stream()
          .anyMatch(a -> a.getAnnotationType().toString().equals("Override"));
    }

    private void require(TreePath path, String name) {
      String comment = docs.getDocComment(path);
      if (comment == null || comment.isBlank()) missing.add(name);
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(URI uri, String text) {
      super(uri, Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
