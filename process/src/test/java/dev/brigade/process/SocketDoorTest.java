package dev.brigade.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.process.launch.SpawnFolder;
import dev.brigade.process.wire.Greeting;
import dev.brigade.process.wire.Link;
import dev.brigade.task.Tasks;
import dev.brigade.testing.LeakChecked;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Where workers come in that can't have pipes, and who doesn't. */
@LeakChecked
@DisabledOnOs(OS.WINDOWS)
class SocketDoorTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** Says hello as nobody in particular; returns whether it was shut out. */
  private static boolean isShutOut(SpawnFolder folder, byte[] token, int lane) throws IOException {
    try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      boolean unused = channel.connect(UnixDomainSocketAddress.of(folder.socket()));
      var hello = ByteBuffer.allocate(token.length + 4).put(token).putInt(lane).flip();
      while (hello.hasRemaining()) {
        int unusedCount = channel.write(hello);
      }
      try {
        return channel.read(ByteBuffer.allocate(1)) < 0;
      } catch (IOException reset) {
        return true;
      }
    }
  }

  @Test
  void onlyWhoKnowsTheTokenAndAFreeLaneComesIn() throws Exception {
    Process worker = new ProcessBuilder("cat").start();
    SpawnFolder folder = SpawnFolder.create();
    try {
      var told = new CompletableFuture<byte[]>();
      var admitted =
          new FutureTask<List<Link>>(() ->
              new SocketDoor(folder, PATIENCE)
                  .admit(worker, 1, told::complete, System.nanoTime() + PATIENCE.toNanos()));
      Thread unused = Thread.ofPlatform().daemon().start(admitted);
      byte[] token = told.get(1, TimeUnit.MINUTES);
      byte[] wrong = token.clone();
      wrong[Greeting.TOKEN_BYTES - 1] ^= 1;
      assertTrue(isShutOut(folder, wrong, 0), "a wrong token");
      assertTrue(isShutOut(folder, new byte[Greeting.TOKEN_BYTES], 0), "no token");
      assertTrue(isShutOut(folder, token, 7), "a lane that there is not");
      assertFalse(admitted.isDone());
      Link lane = SocketDoor.enter(folder.path(), token, 0);
      assertTrue(isShutOut(folder, token, 0), "a lane that is taken");
      Link control = SocketDoor.enter(folder.path(), token, SocketDoor.CONTROL);
      List<Link> all = admitted.get(1, TimeUnit.MINUTES);
      assertEquals(2, all.size());
      for (Link l : all) l.close();
      lane.close();
      control.close();
    } finally {
      worker.destroyForcibly().waitFor();
      folder.delete();
    }
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void whoIsAnotherUserThanTheFoldersDoesNotComeIn(@TempDir Path own) throws Exception {
    Path others = Path.of("/");
    if (Files.getOwner(own).equals(Files.getOwner(others))) {
      others = Files.createDirectory(own.resolve("others"));
      var nobody =
          FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
      Path unused = Files.setOwner(others, nobody);
    }
    var address = UnixDomainSocketAddress.of(own.resolve("s"));
    try (var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      ServerSocketChannel unused = listener.bind(address);
      try (var there = SocketChannel.open(address);
          SocketChannel here = listener.accept()) {
        assertTrue(there.isConnected());
        assertTrue(SocketDoor.owns(own, here));
        assertFalse(SocketDoor.owns(others, here));
      }
    }
  }

  /** What this process has where folders of workers are made. */
  private static List<Path> ownFolders() throws IOException {
    String mine = "-" + ProcessHandle.current().pid() + "-";
    Path made = SpawnFolder.create().path();
    try (Stream<Path> all = Files.list(made.getParent())) {
      assertTrue(made.getFileName().toString().contains(mine), made.toString());
      return all.filter(p -> p.getFileName().toString().startsWith("brigade-"))
          .filter(p -> p.getFileName().toString().contains(mine))
          .filter(p -> !p.equals(made))
          .toList();
    } finally {
      SpawnFolder.delete(made);
    }
  }

  @Test
  void aPoolWorksOverSocketsAndLeavesNone() throws Exception {
    boolean before = WorkerStart.pipesRefused;
    WorkerStart.pipesRefused = true;
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(2))) {
      assertTrue(pool.awaitReady(PATIENCE));
      assertEquals(List.of(), ownFolders());
      assertEquals(List.of(2, 4, 6), Tasks.on(pool).map(List.of(1, 2, 3), n -> 2 * n));
      int[] big = new int[1 << 18];
      big[big.length - 1] = 7;
      int[] back = pool.call((int[] a) -> a, big).get(1, TimeUnit.MINUTES);
      assertEquals(7, back[big.length - 1]);
      long pid = pool.workers().getFirst().pid();
      WorkerDeathTest.kill(pid, "-KILL");
      assertEquals(5, pool.call((Integer n) -> n, 5).get(1, TimeUnit.MINUTES));
    } finally {
      WorkerStart.pipesRefused = before;
    }
  }
}
