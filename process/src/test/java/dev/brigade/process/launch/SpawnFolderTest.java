package dev.brigade.process.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Folders for starts: private, short, and not left behind. */
@EnabledOnOs(OS.LINUX)
class SpawnFolderTest {
  private static final long HERE = ProcessHandle.current().pid();
  private static final long MARK = ProcessFacts.startMark(HERE);

  @Test
  void isPrivateAndShortEnoughForASocket() throws Exception {
    SpawnFolder folder = SpawnFolder.create();
    SpawnFolder second = SpawnFolder.create();
    try {
      assertEquals(
          "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.path())));
      assertTrue(folder.socket().toString().length() < 100, folder.socket().toString());
      assertNotEquals(folder.path(), second.path());
    } finally {
      folder.delete();
      second.delete();
    }
  }

  @Test
  void isGoneWithAllThatIsInItAndAgainIsHarmless(@TempDir Path base) throws Exception {
    SpawnFolder folder = SpawnFolder.create(base, "brigade-x-");
    Files.writeString(folder.socket(), "");
    Files.writeString(folder.path().resolve("arguments"), "");
    folder.delete();
    assertTrue(Files.notExists(folder.path()));
    folder.delete();
  }

  @Test
  void refusesABaseWhereOthersMayRename(@TempDir Path base) throws Exception {
    Path open = Files.createDirectory(base.resolve("o"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertEquals("can be written by others and has no sticky bit", SpawnFolder.unfit(open, 10));
    assertEquals(0, new ProcessBuilder("chmod", "+t", open.toString()).start().waitFor());
    assertNull(SpawnFolder.unfit(open, 10));
  }

  @Test
  void refusesABaseThatIsTooLongOrNoFolder(@TempDir Path base) throws Exception {
    Path long_ = Files.createDirectory(base.resolve("x".repeat(90)));
    assertEquals("is too long for the path of a socket", SpawnFolder.unfit(long_, 10));
    assertEquals("is no folder", SpawnFolder.unfit(Path.of("/no/such"), 10));
  }

  @Test
  void clearsAwayWhatDeadOwnersLeft(@TempDir Path base) throws Exception {
    Process dead = new ProcessBuilder("true").start();
    long mark = ProcessFacts.startMark(dead.pid());
    dead.waitFor();
    Path left = left(base, SpawnFolder.Owner.name(dead.pid(), mark));
    Path reused = left(base, SpawnFolder.Owner.name(HERE, MARK - 1));
    sweep(base);
    assertFalse(Files.exists(left));
    assertFalse(Files.exists(reused), "the number was given out again, to this process");
  }

  @Test
  void leavesWhatIsNotItsToClear(@TempDir Path base) throws Exception {
    Path mine = left(base, SpawnFolder.Owner.name(HERE, MARK));
    String dead = SpawnFolder.Owner.name(HERE, MARK - 1);
    Path otherContainer =
        left(base, dead.replace("-" + SpawnFolder.Owner.NAMESPACE + "-", "-zzzz-"));
    Path noNumber = left(base, "brigade-" + SpawnFolder.Owner.UID + "-x-y-z-");
    Path foreign = left(base, "brigade-99999-1-1-" + SpawnFolder.Owner.NAMESPACE + "-");
    Path target = Files.createDirectory(base.resolve("target"));
    Files.writeString(target.resolve("s"), "precious");
    Path link = Files.createSymbolicLink(base.resolve(dead + "link"), target);
    sweep(base);
    for (Path kept : List.of(mine, otherContainer, noNumber, foreign, link))
      assertTrue(Files.exists(kept.resolve("s")), kept.toString());
  }

  private static Path left(Path base, String name) throws Exception {
    Path folder = Files.createDirectory(base.resolve(name + "left"));
    Files.writeString(folder.resolve("s"), "");
    return folder;
  }

  private static void sweep(Path base) {
    assertNotNull(base);
    new SpawnFolder.Sweep(List.of(base)).run();
  }
}
