package dev.brigade.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageFileTest {
  @TempDir Path folder;

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aFileIsReplacedAndNothingElseIsLeft() throws Exception {
    Path file = folder.resolve("page.html");
    Files.writeString(file, "old");
    Page page = Page.titled("new");
    page.writeTo(file);
    assertEquals(page.html(), Files.readString(file));
    assertEquals(List.of("page.html"), names());
  }

  @Test
  void anInterruptDoesNotKeepThePageFromBeingWritten() throws Exception {
    Path file = folder.resolve("page.html");
    Thread.currentThread().interrupt();
    Page.titled("new").writeTo(file);
    assertTrue(Thread.interrupted());
    assertTrue(Files.readString(file).endsWith("</html>\n"));
  }

  @Test
  void aLinkStaysALink() throws Exception {
    Path real = folder.resolve("real.html");
    Files.writeString(real, "old");
    Path link = Files.createSymbolicLink(folder.resolve("link.html"), real);
    Page.titled("new").writeTo(link);
    assertTrue(Files.isSymbolicLink(link));
    assertFalse(Files.readString(real).equals("old"));
  }

  @Test
  void aDeviceIsWrittenToAndNotReplaced() throws Exception {
    Path device = Path.of("/dev/null");
    Assumptions.assumeTrue(Files.exists(device) && !Files.isRegularFile(device));
    Page.titled("new").writeTo(device);
    assertFalse(Files.isRegularFile(device));
  }

  @Test
  void whatCannotBeWrittenIsAnErrorAndLeavesNothing() throws Exception {
    assertThrows(IOException.class, () -> Page.titled("t").writeTo(folder.resolve("no/page.html")));
    assertThrows(IOException.class, () -> Page.titled("t").writeTo(folder));
    assertEquals(List.of(), names());
  }
}
