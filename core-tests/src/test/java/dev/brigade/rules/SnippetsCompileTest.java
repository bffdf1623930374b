package dev.brigade.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Java code in the documents and in the doc comments is right. How: {@link SnippetCompiler}.
 */
class SnippetsCompileTest {
  private static final Path ROOT = Repository.root();

  @TempDir Path classes;

  @Test
  void codeInTheDocumentsCompiles() throws Exception {
    List<Snippet> snippets = documented();
    assertFalse(snippets.isEmpty());
    assertEquals("", problems(snippets));
  }

  @Test
  void codeInDocCommentsCompiles() throws Exception {
    var snippets = new ArrayList<Snippet>();
    for (String module : List.of("core", "process", "testing"))
      for (Path file : files(ROOT.resolve(module).resolve("src/main/java"), ".java"))
        snippets.addAll(Snippet.of(ROOT, file));
    assertFalse(snippets.isEmpty());
    assertEquals("", problems(snippets));
  }

  @Test
  void programsInTheDocumentsPrintWhatTheTextSays() throws Exception {
    int ran = 0;
    for (Snippet s : documented()) {
      if (s.output().isEmpty()) continue;
      assertTrue(SnippetCompiler.isWhole(s), s + " is not a whole program");
      assertEquals("", problems(List.of(s)));
      assertEquals(s.output(), run(SnippetCompiler.className(s, "Snippet1")), s.toString());
      ran++;
    }
    assertTrue(ran > 0, "no program says what it prints");
  }

  @Test
  void mistakesAreFoundAtTheirLine() throws Exception {
    String text =
        """
        Some text.
        ```java
        int one = 1;
        Tasks.mapp(urls, this::fetch);
        ```
        ```java
        void other() {
          Tasks.sleep(1);
        }
        ```
        """;
    String found = problems(Snippet.ofMarkdown("made-up.md", text));
    assertTrue(found.contains("made-up.md:4:"), found);
    assertTrue(found.contains("made-up.md:8:"), found);
    String comment = "/**\n * {@snippet :\n * static int a = 1;\n * int b = a + c;\n * }\n */";
    found = problems(Snippet.ofJava("MadeUp.java", comment));
    assertTrue(found.contains("MadeUp.java:4:"), found);
  }

  private String problems(List<Snippet> snippets) throws Exception {
    try (InputStream stubs = SnippetsCompileTest.class.getResourceAsStream("Stubs.java.txt")) {
      String text = new String(stubs.readAllBytes(), UTF_8);
      return String.join("\n", new SnippetCompiler(classes, text).problems(snippets));
    }
  }

  private static List<Snippet> documented() throws Exception {
    var files = new ArrayList<Path>();
    files.addAll(files(ROOT.resolve("docs"), ".md"));
    try (Stream<Path> top = Files.list(ROOT)) {
      top.filter(f -> f.toString().endsWith(".md")).forEach(files::add);
    }
    var snippets = new ArrayList<Snippet>();
    for (Path file : files) snippets.addAll(Snippet.of(ROOT, file));
    return snippets;
  }

  private static List<Path> files(Path folder, String suffix) throws Exception {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(f -> f.toString().endsWith(suffix)).sorted().toList();
    }
  }

  private String run(String main) throws Exception {
    String path = classes + File.pathSeparator + System.getProperty("java.class.path");
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dstdout.encoding=UTF-8",
                "-cp",
                path,
                main)
            .redirectErrorStream(true)
            .start();
    String output = new String(java.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, java.waitFor(), output);
    return output;
  }
}
