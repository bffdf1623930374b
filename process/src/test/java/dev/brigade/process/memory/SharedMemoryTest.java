package dev.brigade.process.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class SharedMemoryTest {
  private static final long OWN = ProcessHandle.current().pid();

  @Test
  void lastReleaseFreesIt() throws IOException {
    int held = SharedMemory.held();
    SharedMemory m = SharedMemory.allocate(100);
    Path path = Descriptors.of(OWN, m.address().fd());
    assertEquals(100, Files.size(path));
    assertTrue(m.retain());
    m.release();
    assertTrue(Files.exists(path));
    m.release();
    assertFalse(Files.exists(path));
    assertFalse(m.retain());
    assertThrows(IllegalStateException.class, m::release);
    assertEquals(held, SharedMemory.held());
  }

  @Test
  void ownAddressIsTheSameMemory() throws IOException {
    SharedMemory m = SharedMemory.allocate(100);
    assertEquals(m, SharedMemory.open(m.address(), OWN));
    m.release();
    m.release();
    var e = assertThrows(IOException.class, () -> open(m.address(), OWN));
    assertTrue(String.valueOf(e.getMessage()).contains("was released"));
  }

  @Test
  void bigMemoryIsUsedAgainAndThenAnother() throws IOException {
    SharedMemory.dropSpares();
    byte[] ones = new byte[1_100_000];
    Arrays.fill(ones, (byte) 1);
    SharedMemory first = SharedMemory.copyOf(MemorySegment.ofArray(ones));
    first.release();
    SharedMemory second = SharedMemory.allocate(1_060_001);
    assertEquals(first.address().inode(), second.address().inode());
    assertNotEquals(first.address(), second.address());
    var gone = assertThrows(IOException.class, () -> open(first.address(), OWN));
    assertTrue(String.valueOf(gone.getMessage()).contains("was released"));
    Mapping m = Mapping.of(second);
    assertEquals(1_060_001, m.segment().byteSize());
    assertEquals(-1, m.segment().mismatch(MemorySegment.ofArray(new byte[1_060_001])));
    m.close();
    // Too small, and too wasteful.
    SharedMemory third = SharedMemory.allocate(2_000_000);
    assertNotEquals(first.address().fd(), third.address().fd());
    third.release();
    SharedMemory.dropSpares();
    assertFalse(Files.exists(Descriptors.of(OWN, first.address().fd())));
    assertFalse(Files.exists(Descriptors.of(OWN, third.address().fd())));
  }

  @Test
  void memoryThatAChannelStillUsesIsNotUsedAgain() throws IOException {
    SharedMemory.dropSpares();
    SharedMemory m = SharedMemory.allocate(1 << 20);
    m.mayBeUsedHere();
    m.release();
    assertFalse(Files.exists(Descriptors.of(OWN, m.address().fd())));
  }

  @Test
  void sparesAreBoundedInSizeAndAge() throws IOException {
    var spares = new Spares();
    long half = Spares.MOST_BYTES / 2;
    for (int i = 0; i < 4; i++) addSpare(spares, half, i);
    assertEquals(2, use(spares.take(half - 200)));
    assertEquals(3, use(spares.take(half - 200)));
    assertNull(spares.take(half - 200));
    for (int i = 0; i < 2; i++) addSpare(spares, half, i);
    assertNull(spares.take(half));
    assertNull(spares.take(half / 2));
    spares.dropOlderThan(10, 10);
    assertEquals(1, use(spares.take(half - 200)));
    assertTrue(spares.isEmpty());
    addSpare(spares, half, 5);
    assertTrue(spares.dropAll());
    assertFalse(spares.dropAll());
  }

  private static long use(Spares.@Nullable Spare spare) {
    if (spare == null) return -1;
    spare.close();
    return spare.address().use();
  }

  private static void addSpare(Spares spares, long bytes, long since) throws IOException {
    UnlinkedFile file = UnlinkedFile.create(Tail.BYTES);
    try (var channel =
        FileChannel.open(file.path(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      assertEquals(Tail.BYTES, channel.write(ByteBuffer.allocate(Tail.BYTES)));
      Tail tail = Tail.map(channel, Tail.BYTES);
      spares.add(
          new Spares.Spare(file, tail, new Address(OWN, file.fd(), 0, 0, bytes, since, ""), since));
    }
  }

  @Test
  void countOfUsersAndTheUseAreSeenByAll() throws IOException {
    UnlinkedFile file = UnlinkedFile.create(128);
    try (var channel =
        FileChannel.open(file.path(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      assertEquals(128, channel.write(ByteBuffer.allocate(128)));
      Tail a = Tail.map(channel, 128);
      Tail b = Tail.map(channel, 128);
      a.use(7);
      assertFalse(b.enter(6));
      assertFalse(a.isUsed());
      assertTrue(b.enter(7));
      assertTrue(a.isUsed());
      b.leave();
      assertFalse(a.isUsed());
      a.close();
      assertThrows(IOException.class, () -> Tail.map(channel, 100).close());
      assertThrows(IOException.class, () -> Tail.map(channel, 0).close());
    }
    file.close();
    assertEquals(192, Tail.withTail(128));
    assertEquals(192, Tail.withTail(65));
  }

  private static void open(Address a, long peer) throws IOException {
    SharedMemory.open(a, peer).release();
  }

  @Test
  void unlinkedFileHasNoName() throws IOException {
    UnlinkedFile file = UnlinkedFile.create(1 << 20);
    String link = Files.readSymbolicLink(file.path()).toString();
    assertTrue(link.contains(Names.PREFIX + OWN) && link.endsWith("(deleted)"), link);
    assertFalse(Files.exists(Path.of(link.replace(" (deleted)", ""))));
    file.close();
    assertFalse(Files.exists(file.path()));
  }

  @Test
  void unlinkedFileIsFoundAmongManyDescriptors() throws IOException {
    UnlinkedFile a = UnlinkedFile.create(1);
    UnlinkedFile b = UnlinkedFile.create(1);
    a.close();
    Descriptors.closed(999_999);
    UnlinkedFile c = UnlinkedFile.create(1);
    assertEquals(a.fd(), c.fd());
    assertNotEquals(b.fd(), c.fd());
    b.close();
    c.close();
  }

  @Test
  void namedFileIsForItsUserAloneAndRemovedOnRelease() throws IOException {
    NamedFile file = NamedFile.create();
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())));
    assertEquals(OWN, Names.pid(file.path()));
    NamedFile second = NamedFile.of(file.path());
    file.close();
    assertFalse(Files.exists(file.path()));
    assertTrue(Files.exists(second.path()));
    second.close();
    assertFalse(Files.exists(second.path()));
  }

  @Test
  void onlyNamesOfDeadProcessesAreSwept(@TempDir Path folder) throws IOException {
    Path dead = Files.createFile(folder.resolve(Names.PREFIX + "999999999-1-a"));
    Path alive = Files.createFile(folder.resolve(Names.PREFIX + OWN + "-1-a"));
    Path other = Files.createFile(folder.resolve(Names.PREFIX + "999999999-1-x.txt"));
    for (Path p : new Path[] {dead, alive, other}) Names.deleteIfDead(p);
    assertFalse(Files.exists(dead));
    assertTrue(Files.exists(alive));
    assertTrue(Files.exists(other));
  }

  @Test
  void onlyRegularFilesCount() throws IOException {
    assertNull(Descriptors.file(Path.of("/dev/null")));
    assertNull(Descriptors.file(Path.of("/tmp")));
  }

  @Test
  void roomIsWhatTheMachineAndTheContainerHave(@TempDir Path folder) throws IOException {
    Path info =
        Files.writeString(folder.resolve("meminfo"), "MemTotal: 9 kB\nMemAvailable:    2048 kB\n");
    assertEquals(2048 * 1024, Room.machine(info));
    assertEquals(Long.MAX_VALUE, Room.machine(folder.resolve("none")));
    assertEquals(Long.MAX_VALUE, Room.group(folder));
    Path _ = Files.writeString(folder.resolve("memory.max"), "1000\n");
    Path _ = Files.writeString(folder.resolve("memory.current"), "900\n");
    Path _ = Files.writeString(folder.resolve("memory.stat"), "anon 5\ninactive_file 50\n");
    assertEquals(150, Room.group(folder));
    Path _ = Files.writeString(folder.resolve("memory.max"), "max\n");
    assertTrue(Room.group(folder) > 1L << 60);
    var e = assertThrows(IOException.class, () -> Room.check(1L << 60));
    assertTrue(String.valueOf(e.getMessage()).contains("no room for 1152921504606846976 bytes"));
  }

  @Test
  void kindsThatAskForLessCanBeChosen() {
    assertEquals(Kind.NAMED, Kind.best("named"));
    assertEquals(Kind.UNLINKED, Kind.best("unlinked"));
    assertEquals(
        Memfd.class.getModule().isNativeAccessEnabled() ? Kind.ANONYMOUS : Kind.UNLINKED,
        Kind.best("anonymous"));
    assertThrows(IllegalArgumentException.class, () -> Kind.best("other"));
  }
}
