package dev.brigade.process;

import static dev.brigade.process.SharedArrayTest.assertSays;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InvalidObjectException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a partner may say of its memory, and is not believed. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileNoteTest {
  private static final byte BYTES = 0;
  private static final byte DOUBLES = 6;
  private static Partner partner;
  private static SharedArray.Note good;

  private int descriptors;
  private long mapped;

  @BeforeAll
  static void start() throws Exception {
    partner = Partner.start();
    // What it says of an array that it keeps.
    long[] said =
        (long[])
            Objects.requireNonNull(
                partner.call(
                    _ -> {
                      SharedArray a = SharedArray.of(new byte[4096]).keep();
                      Partner.SHELF.put("a", a);
                      SharedArray.Note n = note(a);
                      return new long[] {n.pid(), n.fd(), n.device(), n.inode(), n.bytes()};
                    },
                    null));
    good = place(said[0], (int) said[1], said[2], said[3], said[4]);
  }

  @AfterAll
  static void end() {
    partner.close();
  }

  @BeforeEach
  void note() throws IOException {
    descriptors = Footprint.allDescriptors();
    mapped = Footprint.mapped();
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    assertEquals(descriptors, Footprint.allDescriptors());
    assertEquals(mapped, Footprint.mapped());
  }

  private static SharedArray.Note note(SharedArray a) throws Exception {
    Exchange x = Exchange.writing();
    x.enter();
    try {
      var m = SharedArray.class.getDeclaredMethod("writeReplace");
      m.setAccessible(true);
      return (SharedArray.Note) m.invoke(a);
    } finally {
      x.exit();
      Objects.requireNonNull(x.lent()).close();
    }
  }

  private static SharedArray.Note place(long pid, int fd, long device, long inode, long bytes) {
    return new SharedArray.Note(pid, fd, device, inode, bytes, 0, "", BYTES, 0, bytes, false);
  }

  private static SharedArray.Note part(long bytes, int element, long offset, long size) {
    return new SharedArray.Note(
        good.pid(),
        good.fd(),
        good.device(),
        good.inode(),
        bytes,
        0,
        "",
        (byte) element,
        offset,
        size,
        false);
  }

  private static SharedArray open(SharedArray.Note note) throws Exception {
    return open(note, partner.pid());
  }

  private static SharedArray open(SharedArray.Note note, long peer) throws Exception {
    Exchange x = Exchange.with(peer, Exchange.Side.OWNER);
    try {
      return (SharedArray) Objects.requireNonNull(Partner.read(x, Partner.write(x, note)));
    } catch (IOException | RuntimeException e) {
      x.release();
      throw e;
    }
  }

  private static void assertRefused(String why, SharedArray.Note note) {
    assertSays(why, assertThrows(InvalidObjectException.class, () -> open(note).close()));
  }

  @Test
  void truthIsBelieved() throws Exception {
    try (SharedArray a = open(good)) {
      assertEquals(4096, a.length());
    }
    try (SharedArray a = open(part(4096, DOUBLES, 8, 16))) {
      assertEquals(2, a.length());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "4096, 7, 0, 1, element type 7",
    "4096, -1, 0, 1, element type -1",
    "4096, 0, -1, 1, 1 bytes from -1 of 4096",
    "4096, 0, 0, -1, -1 bytes from 0",
    "4096, 0, 4097, 0, 0 bytes from 4097",
    "4096, 0, 4096, 1, 1 bytes from 4096",
    "4096, 0, 9223372036854775807, 9223372036854775807, bytes from",
    "4096, 6, 0, 7, 7 bytes from 0",
    "-1, 0, 0, 0, of -1",
    "8192, 0, 0, 8192, it is not what was sent",
    "1024, 0, 0, 1024, it is not what was sent",
    "9223372036854775807, 0, 0, 9223372036854775807, it is not what was sent",
  })
  void wrongSizesAreRefused(long bytes, int element, long offset, long size, String why) {
    assertRefused(why, part(bytes, element, offset, size));
  }

  @Test
  void memoryOfAThirdProcessIsRefused() {
    SharedArray.Note other = place(1, good.fd(), good.device(), good.inode(), 4096);
    assertRefused("told of shared memory of process 1", other);
    assertSays(
        "process 7 told of shared memory of process " + partner.pid(),
        assertThrows(InvalidObjectException.class, () -> open(good, 7).close()));
  }

  @Test
  void otherDescriptorsAreRefused() {
    long pid = partner.pid();
    // Standard input is a pipe, 9999 is nothing, and the right one has another inode.
    for (int fd : new int[] {0, 9999, Integer.MAX_VALUE})
      assertRefused("was released", place(pid, fd, good.device(), good.inode(), 4096));
    assertRefused("was released", place(pid, good.fd(), good.device(), good.inode() + 1, 4096));
    assertRefused("was released", place(pid, good.fd(), good.device() + 1, good.inode(), 4096));
  }

  @Test
  void memoryOfThisProcessThatIsNotSharedIsRefused() throws Exception {
    long own = ProcessHandle.current().pid();
    assertRefused("was released", place(own, 0, 1, 1, 4096));
    SharedArray.Note mine;
    try (SharedArray a = SharedArray.of(new byte[4096])) {
      mine = note(a);
    }
    assertRefused("was released", mine);
  }

  @ParameterizedTest
  @CsvSource({
    "/etc/passwd",
    "brigade-shared-PID-1-a",
    "/tmp/../etc/passwd",
    "/nowhere/brigade-shared-PID-1-a",
    "/tmp/brigade-shared-1-1-a",
    "''"
  })
  void otherNamesAreRefused(String path) {
    String name = path.replace("PID", Long.toString(partner.pid()));
    var note = new SharedArray.Note(partner.pid(), -1, 0, 0, 1, 0, name, BYTES, 0, 1, false);
    assertThrows(InvalidObjectException.class, () -> open(note).close());
  }

  @Test
  void linkInPlaceOfANamedFileIsRefused(@TempDir Path folder) throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), "secret");
    Path link =
        Files.createSymbolicLink(
            folder.resolve("brigade-shared-" + partner.pid() + "-1-a"), secret);
    var note =
        new SharedArray.Note(partner.pid(), -1, 0, 0, 6, 0, link.toString(), BYTES, 0, 6, false);
    assertRefused("was released", note);
  }

  @Test
  void truncatedAfterwardsItIsAnErrorNotACrash(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("brigade-shared-" + partner.pid() + "-1-a");
    Files.write(file, new byte[8192]);
    var note =
        new SharedArray.Note(
            partner.pid(), -1, 0, 0, 8192, 0, file.toString(), BYTES, 0, 8192, false);
    try (SharedArray a = open(note);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      FileChannel _ = channel.truncate(0);
      assertThrows(InternalError.class, () -> a.bytes().get(5000));
      assertThrows(InternalError.class, () -> a.toArray(byte[].class));
    }
  }
}
