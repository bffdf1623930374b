package dev.brigade.process.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who makes the file, when, and whether it is fit. */
class StartCacheTest {
  @TempDir private Path temporary;
  private Path folder = Path.of("");
  private Path made = Path.of("");

  @BeforeEach
  void makeContents() throws IOException {
    folder = temporary.resolve("caches");
    made = Files.writeString(temporary.resolve("made"), "contents");
  }

  private StartCache cache(String name) {
    return new StartCache(folder.resolve("worker-" + name + ".aot"), "core.jar", true, "not yet");
  }

  private static StartCache.Making making(StartCache cache) {
    return Objects.requireNonNull(cache.tryMake(), cache::toString);
  }

  @Test
  void isUsedOnceItIsPublished() throws IOException {
    StartCache cache = cache("a");
    assertNull(cache.use());
    try (StartCache.Making making = making(cache)) {
      assertNull(cache.use());
      making.publish(made);
    }
    StartCache.Use use = Objects.requireNonNull(cache.use());
    assertTrue(use.options().getFirst().endsWith("worker-a.aot"), use.toString());
    assertFalse(use.alone());
    assertEquals("used", cache.state());
    assertNull(cache.tryMake());
  }

  @Test
  void isMadeByOneAtATimeAndAnotherMayTryLater() {
    StartCache one = cache("a");
    StartCache other = cache("b");
    try (StartCache.Making making = making(one)) {
      assertNotNull(making);
      assertNull(one.tryMake());
      assertNull(other.tryMake());
    }
    making(other).close();
  }

  @Test
  void aFailureIsToldAndNotTriedAgain() {
    StartCache cache = cache("a");
    try (StartCache.Making making = making(cache)) {
      making.failed("no luck");
    }
    assertEquals("not made: no luck", cache.state());
    assertNull(cache.tryMake());
    assertNull(cache.use());
  }

  @Test
  void aPoolThatIsClosedBeforeLeavesItToOthersButNotForEver() {
    StartCache cache = cache("a");
    for (int i = 0; i < 3; i++) {
      try (StartCache.Making making = making(cache)) {
        making.stopped();
      }
    }
    assertNull(cache.tryMake());
    assertEquals("not made: the pool was closed meanwhile", cache.state());
  }

  @Test
  void whatNobodyFinishedOrUsesGoes() throws IOException {
    making(cache("a")).close();
    Path part = Files.createFile(folder.resolve("worker-b.aot.part"));
    Path old = Files.createFile(folder.resolve("worker-c.aot"));
    Path recent = Files.createFile(folder.resolve("worker-d.aot"));
    Path strange = Files.createFile(folder.resolve("notes.txt"));
    FileTime then = FileTime.from(Instant.now().minus(Duration.ofDays(100)));
    for (Path p : List.of(old, strange)) Files.setLastModifiedTime(p, then);
    making(cache("e")).close();
    assertFalse(Files.exists(part));
    assertFalse(Files.exists(old));
    assertTrue(Files.exists(recent));
    assertTrue(Files.exists(strange));
  }

  @Test
  void ofManyTheOldestGo() throws IOException {
    making(cache("a")).close();
    for (int i = 0; i < 10; i++) {
      Path file = Files.createFile(folder.resolve("worker-" + i + ".aot"));
      Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(1000 - i)));
    }
    making(cache("e")).close();
    assertFalse(Files.exists(folder.resolve("worker-2.aot")));
    for (int i = 3; i < 10; i++) assertTrue(Files.exists(folder.resolve("worker-" + i + ".aot")));
  }

  @Test
  void useKeepsItFromBeingForgotten() throws IOException {
    StartCache cache = cache("a");
    try (StartCache.Making making = making(cache)) {
      making.publish(made);
    }
    Path file = folder.resolve("worker-a.aot");
    FileTime then = FileTime.from(Instant.now().minus(Duration.ofDays(100)));
    Files.setLastModifiedTime(file, then);
    assertNotNull(cache.use());
    assertNotEquals(then, Files.getLastModifiedTime(file));
  }

  @Test
  void aFolderThatOthersMayWriteToIsNotUsed() throws IOException {
    StartCache cache = cache("a");
    try (StartCache.Making making = making(cache)) {
      making.publish(made);
    }
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertNull(cache.use());
    assertTrue(cache.state().startsWith("its folder can be written by others"), cache.state());
    assertNull(cache("b").tryMake());
  }

  @Test
  void aLinkIsNotFollowed() throws IOException {
    making(cache("a")).close();
    Files.createSymbolicLink(folder.resolve("worker-b.aot"), made);
    assertNull(cache("b").use());
  }

  @Test
  void oneThatWorkersDieOfIsGivenUp() throws IOException {
    StartCache cache = cache("a");
    try (StartCache.Making making = making(cache)) {
      making.publish(made);
    }
    cache.refuse();
    assertFalse(Files.exists(folder.resolve("worker-a.aot")));
    assertNull(cache.use());
    assertNull(cache.tryMake());
  }

  @Test
  void classesInFoldersHaveNoneAndThatIsSaid() {
    var spec = new LaunchSpec(List.of(), Map.of(), null, Victim.class.getName());
    StartCache cache = StartCache.of(folder, spec);
    // Or on the module path, as a build may run its tests.
    assertTrue(cache.state().contains("jars") || cache.state().contains("path"), cache.state());
    assertNull(cache.use());
    assertNull(cache.tryMake());
    assertFalse(Files.exists(folder));
  }

  @Test
  void theNameTellsListsApart() {
    assertNotEquals(StartCache.hash(List.of("ab", "c")), StartCache.hash(List.of("a", "bc")));
    assertNotEquals(StartCache.hash(List.of("a")), StartCache.hash(List.of("a", "")));
  }
}
