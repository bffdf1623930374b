package dev.brigade.process;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.task.DeadlineException;
import dev.brigade.task.TaskFailedException;
import java.io.FileNotFoundException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class WorkerProcessTest {
  private static WorkerProcess<Integer, Integer> doubling() {
    return WorkerProcess.open((Integer n, MessagePort<Integer, Integer> port) -> port.send(2 * n));
  }

  @Test
  void messagesAreHandledInAnotherProcessAndAnsweredInOrder() throws Exception {
    try (WorkerProcess<Integer, List<Long>> w =
        WorkerProcess.open((Integer n, MessagePort<List<Long>, Integer> port) ->
            port.send(List.of((long) n, ProcessHandle.current().pid())))) {
      for (int i = 0; i < 100; i++) w.send(i);
      for (long i = 0; i < 100; i++) assertEquals(List.of(i, w.pid()), w.receive());
      assertNotEquals(ProcessHandle.current().pid(), w.pid());
      assertTrue(w.isAlive());
    }
  }

  @Test
  void aLoopReceivesAndSendsAsItLikesAndItsEndIsTheEnd() throws Exception {
    try (WorkerProcess<Integer, String> w =
        WorkerProcess.open((MessagePort<String, Integer> port) -> {
          port.send("hello");
          int sum = 0;
          for (Optional<Integer> n = port.next(); n.isPresent(); n = port.next()) sum += n.get();
          port.send("sum " + sum);
        })) {
      assertEquals("hello", w.receive());
      for (int i = 1; i <= 4; i++) w.send(i);
      w.finish();
      assertEquals("sum 10", w.receive());
      assertEquals(Optional.empty(), w.next());
      assertThrows(MessagesEndedException.class, w::receive);
      assertEquals(0, w.onExit().get());
      assertFalse(w.isAlive());
      assertNull(w.death());
      assertThrows(IllegalStateException.class, () -> w.send(5));
    }
  }

  @Test
  void oneHundredThousandMessagesEachWayKeepTheirOrder() throws Exception {
    int count = 100_000;
    try (var w = doubling()) {
      Thread sender =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  for (int i = 0; i < count; i++) w.send(i);
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
              });
      for (int i = 0; i < count; i++) {
        int got = w.receive();
        if (got != 2 * i) assertEquals(2 * i, got);
      }
      sender.join();
      w.finish();
      assertEquals(Optional.empty(), w.next());
    }
  }

  @Test
  void whoSendsFasterThanTheWorkerReceivesWaits() throws Exception {
    var bounds = new WorkerProcess.Bounds(8, 1 << 20);
    try (WorkerProcess<Integer, Integer> w =
        WorkerProcess.open(
            WorkerOptions.of(),
            bounds,
            (MessagePort<Integer, Integer> port) -> {
              // Receives when it is told to, which it is by the end of the first message.
              int first = port.receive();
              port.send(first);
              LockSupport.park();
              while (!Thread.interrupted()) LockSupport.park();
              port.forEach(port::send);
            })) {
      assertEquals(-1, w.ask(-1));
      int sent = 0;
      while (w.trySend(sent)) sent++;
      // The first one, received, may not have been told yet.
      assertTrue(sent == 7 || sent == 8, "sent " + sent);
      int late = sent;
      Thread sender =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  w.send(late);
                  w.finish();
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
              });
      w.interrupt();
      for (int i = 0; i <= late; i++) assertEquals(i, w.receive());
      sender.join();
      assertEquals(Optional.empty(), w.next());
    }
  }

  @Test
  void aWorkerThatSendsFasterThanItIsHeardWaits() throws Exception {
    var bounds = new WorkerProcess.Bounds(1000, 100_000);
    Path full = Path.of(System.getProperty("java.io.tmpdir"), "brigade-test-" + UUID.randomUUID());
    String name = full.toString();
    try (WorkerProcess<Integer, byte[]> w =
        WorkerProcess.open(
            WorkerOptions.of(),
            bounds,
            (MessagePort<byte[], Integer> port) -> {
              int sent = 0;
              while (port.trySend(new byte[9_000])) sent++;
              Path unused = Files.createFile(Path.of(name));
              port.send(new byte[] {(byte) sent, 0});
              port.send(new byte[1_000_000]);
            })) {
      await().until(() -> Files.exists(full));
      List<byte[]> all = new ArrayList<>();
      w.forEach(all::add);
      assertEquals(13, all.size());
      assertEquals(11, all.get(11)[0]);
      assertEquals(1_000_000, all.getLast().length);
    } finally {
      boolean unused = Files.deleteIfExists(full);
    }
  }

  @Test
  void manyThreadsAskAndEachGetsItsOwnAnswer() throws Exception {
    var wrong = new AtomicInteger();
    try (var w = doubling()) {
      List<Thread> all = new ArrayList<>();
      for (int t = 0; t < 50; t++) {
        int base = t * 1000;
        all.add(
            Thread.ofVirtual()
                .start(() -> {
                  try {
                    for (int i = 0; i < 40; i++)
                      if (w.ask(base + i) != 2 * (base + i)) wrong.incrementAndGet();
                  } catch (Exception e) {
                    wrong.incrementAndGet();
                  }
                }));
      }
      for (Thread t : all) t.join();
    }
    assertEquals(0, wrong.get());
  }

  @Test
  void aFailureComesInItsPlaceWithItsTypeAndTheWorkerLivesOn() throws Exception {
    try (WorkerProcess<Integer, Integer> w =
        WorkerProcess.open((Integer n, MessagePort<Integer, Integer> port) -> {
          if (n == 2) throw new FileNotFoundException("no " + n);
          if (n == 5) return;
          port.send(n);
        })) {
      for (int i = 1; i <= 3; i++) w.send(i);
      assertEquals(1, w.receive());
      var e = assertThrows(TaskFailedException.class, w::receive);
      assertInstanceOf(FileNotFoundException.class, e.getCause());
      assertEquals("no 2", e.getCause().getMessage());
      assertEquals(3, w.receive());
      assertInstanceOf(
          FileNotFoundException.class,
          assertThrows(TaskFailedException.class, () -> w.ask(2)).getCause());
      assertInstanceOf(
          IllegalStateException.class,
          assertThrows(TaskFailedException.class, () -> w.ask(5)).getCause());
      assertEquals(7, w.ask(7));
    }
  }

  @Test
  void aLoopThatThrowsEndsTheWorkerWithCodeOne() throws Exception {
    try (WorkerProcess<Integer, Integer> w =
        WorkerProcess.open((MessagePort<Integer, Integer> port) -> {
          throw new FileNotFoundException("gone");
        })) {
      var e = assertThrows(TaskFailedException.class, w::receive);
      assertInstanceOf(FileNotFoundException.class, e.getCause());
      assertEquals(Optional.empty(), w.next());
      assertEquals(1, w.onExit().get());
      assertThrows(MessagesEndedException.class, () -> w.send(1));
    }
  }

  private static final class Stays {
    final int number = 1;
  }

  private record Holder(Object what) implements Serializable {}

  @Test
  void aMessageThatCannotTravelIsRejectedWhereItIsSent() throws Exception {
    try (WorkerProcess<Object, Object> w =
        WorkerProcess.open((Object m, MessagePort<Object, Object> port) -> {
          if ("back".equals(m)) port.send(new Holder(new Stays()));
          port.send(m);
        })) {
      var e = assertThrows(IllegalArgumentException.class, () -> w.send(new Holder(new Stays())));
      assertTrue(e.toString().contains("Stays"), e.toString());
      var back = assertThrows(TaskFailedException.class, () -> w.ask("back"));
      assertInstanceOf(IllegalArgumentException.class, back.getCause());
      assertTrue(back.toString().contains("Stays"), back.toString());
      assertEquals("still there", w.ask("still there"));
      assertThrows(NullPointerException.class, () -> w.send(Null.value()));
    }
    var stays = new Stays();
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                WorkerProcess.open(
                    (Integer n, MessagePort<Integer, Integer> port) -> port.send(stays.number)));
    assertTrue(e.toString().contains("Stays"), e.toString());
  }

  @Test
  void aListenerHearsMessagesFailuresAndDeath() throws Exception {
    BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
    try (WorkerProcess<Integer, Integer> w =
        WorkerProcess.open((Integer n, MessagePort<Integer, Integer> port) -> {
          if (n == 2) throw new FileNotFoundException();
          if (n == 3) Runtime.getRuntime().halt(7);
          port.send(n);
        })) {
      w.listen(heard::add, heard::add);
      for (int i = 1; i <= 3; i++) w.send(i);
      assertEquals(1, heard.take());
      assertInstanceOf(TaskFailedException.class, heard.take());
      var death = assertInstanceOf(WorkerDiedException.class, heard.take());
      assertEquals(7, death.exitCode());
    }
    assertNull(heard.poll());
  }

  @Test
  void theEndOfTheProcessIsTold() throws Exception {
    try (WorkerProcess<Integer, Integer> w =
        WorkerProcess.open((Integer n, MessagePort<Integer, Integer> port) -> {
          port.send(n);
          System.err.println("the last words");
          System.exit(n);
        })) {
      w.send(9);
      assertEquals(9, w.receive());
      var death = assertThrows(WorkerDiedException.class, w::receive);
      assertEquals(9, death.exitCode());
      assertEquals(WorkerDiedException.Cause.EXIT, death.reason());
      assertTrue(death.errorOutput().contains("the last words"), death.errorOutput());
      assertEquals(w.pid(), death.pid());
      assertThrows(WorkerDiedException.class, () -> w.send(1));
      assertThrows(WorkerDiedException.class, () -> w.ask(1));
      assertFalse(w.isAlive());
    }
  }

  @Test
  void terminateEndsASpinningWorkerAndWhatWaitsForIt() throws Exception {
    var failures = new ConcurrentLinkedQueue<Throwable>();
    try (WorkerProcess<Integer, Integer> w =
        WorkerProcess.open((Integer n, MessagePort<Integer, Integer> port) -> {
          port.send(n);
          while (true) Thread.onSpinWait();
        })) {
      assertEquals(1, w.ask(1));
      var waiting = new CountDownLatch(2);
      Thread receiver =
          Thread.ofVirtual()
              .start(() -> {
                waiting.countDown();
                failures.add(assertThrows(WorkerDiedException.class, w::receive));
              });
      Thread asker =
          Thread.ofPlatform()
              .start(() -> {
                waiting.countDown();
                failures.add(assertThrows(WorkerDiedException.class, () -> w.ask(2)));
              });
      waiting.await();
      w.terminate();
      assertFalse(ProcessHandle.of(w.pid()).map(ProcessHandle::isAlive).orElse(false));
      receiver.join();
      asker.join();
      assertEquals(2, failures.size());
      for (Throwable t : failures)
        assertEquals(WorkerDiedException.Cause.KILLED, ((WorkerDiedException) t).reason());
      w.terminate();
    }
  }

  @Test
  void terminateAtOnceLeavesNothing() {
    for (int i = 0; i < 5; i++) {
      var w = doubling();
      w.terminate();
      assertFalse(w.isAlive());
      assertThrows(WorkerDiedException.class, w::receive);
      w.close();
    }
  }

  @Test
  void closeWaitsForWhatWasSentAndTearsDown() throws Exception {
    var file = Files.createTempFile("brigade-test", ".txt");
    String name = file.toString();
    try {
      var options =
          WorkerOptions.of()
              .withState(
                  () -> new StringBuilder(),
                  (StringBuilder all) -> Files.writeString(Path.of(name), all));
      try (WorkerProcess<String, Integer> w =
          WorkerProcess.open(
              options,
              (String text, MessagePort<Integer, String> port) -> {
                Worker.state(StringBuilder.class).append(text);
                for (int i = 0; i < 1000; i++) port.send(i);
              })) {
        for (String s : List.of("a", "b", "c", "d")) w.send(s);
      }
      assertEquals("abcd", Files.readString(file));
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void anInterruptOfCloseKillsAndIsKept() throws Exception {
    var w =
        WorkerProcess.open((MessagePort<Integer, Integer> port) -> {
          port.send(1);
          while (true) Thread.onSpinWait();
        });
    assertEquals(1, w.receive());
    Thread.currentThread().interrupt();
    w.close();
    assertTrue(Thread.interrupted());
    assertFalse(w.isAlive());
  }

  @Test
  void interruptsCancelWhatWaitsAndNothingIsLost() throws Exception {
    try (var w = doubling()) {
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, w::receive);
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, () -> w.send(1));
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, () -> w.ask(2));
      assertThrows(DeadlineException.class, () -> w.receive(Duration.ZERO));
      assertEquals(6, w.ask(3));
      w.send(4);
      assertEquals(8, w.receive(Duration.ofSeconds(Long.MAX_VALUE)));
      w.finish();
      assertEquals(Optional.empty(), w.next());
    }
  }

  @Test
  void anAnswerThatCameTooLateIsThrownAway() throws Exception {
    try (WorkerProcess<Integer, Integer> w =
        WorkerProcess.open((MessagePort<Integer, Integer> port) -> {
          int first = port.receive();
          int second = port.receive();
          port.send(second);
          port.send(first);
        })) {
      // The loop answers nothing before it has both.
      assertThrows(DeadlineException.class, () -> w.ask(1, Duration.ofMillis(1)));
      assertEquals(2, w.ask(2));
      assertEquals(1, w.receive());
    }
  }

  @Test
  void anInitialiserThatFailsIsTold() throws Exception {
    var options =
        WorkerOptions.of()
            .withInitialiser(() -> {
              throw new FileNotFoundException("no model");
            });
    try (WorkerProcess<Integer, Integer> w =
        WorkerProcess.open(
            options, (Integer n, MessagePort<Integer, Integer> port) -> port.send(n))) {
      var death = assertThrows(WorkerDiedException.class, w::receive);
      assertEquals(WorkerDiedException.Cause.NOT_READY, death.reason());
      assertInstanceOf(FileNotFoundException.class, death.getCause());
      assertThrows(WorkerDiedException.class, w::awaitReady);
    }
  }

  @Test
  void anInterruptReachesTheHandlerAndOnlyIt() throws Exception {
    try (WorkerProcess<String, String> w =
        WorkerProcess.open((String text, MessagePort<String, String> port) -> {
          if (text.equals("sleep")) {
            port.send("asleep");
            Thread.sleep(Duration.ofHours(1));
          }
          port.send(text + Thread.currentThread().isInterrupted());
        })) {
      assertEquals("asleep", w.ask("sleep"));
      w.interrupt();
      var e = assertThrows(TaskFailedException.class, w::receive);
      assertInstanceOf(InterruptedException.class, e.getCause());
      w.interrupt();
      assertEquals("a false", w.ask("a "));
    }
  }

  @Test
  void aWorkerCanNotOpenWorkers() throws Exception {
    try (WorkerProcess<Integer, String> w =
        WorkerProcess.open((Integer n, MessagePort<String, Integer> port) -> {
          try (var inner = doubling()) {
            port.send("opened " + inner.pid());
          } catch (IllegalStateException e) {
            port.send("refused");
          }
        })) {
      assertEquals("refused", w.ask(1));
    }
  }

  @Test
  void sharedArraysTravelAndTransferBothWays() throws Exception {
    try (WorkerProcess<SharedArray, SharedArray> w =
        WorkerProcess.open((SharedArray a, MessagePort<SharedArray, SharedArray> port) -> {
          a.longs().put(0, 42);
          port.send(a.transfer());
        })) {
      SharedArray mine = SharedArray.of(new long[1 << 20]);
      w.send(mine.transfer());
      try (SharedArray back = w.receive()) {
        assertEquals(42, back.longs().get(0));
      }
      assertThrows(IllegalStateException.class, mine::longs);
    }
  }

  @Test
  void aRunIsOneWorkInAProcessOfItsOwn() throws Exception {
    ProcessRun<Long> run = WorkerProcess.run(() -> ProcessHandle.current().pid());
    assertEquals(run.pid(), run.get());
    assertEquals(0, run.exitCode());
    ProcessRun<Object> nothing = WorkerProcess.run(() -> Null.value());
    assertNull(nothing.get());
    ProcessRun<Long> fails =
        WorkerProcess.run(() -> {
          throw new FileNotFoundException("x");
        });
    var e = assertThrows(java.util.concurrent.ExecutionException.class, fails::get);
    assertInstanceOf(FileNotFoundException.class, e.getCause());
    assertEquals(1, fails.exitCode());
    ProcessRun<Long> spins =
        WorkerProcess.run(() -> {
          while (true) Thread.onSpinWait();
        });
    assertTrue(spins.pid() > 0);
    assertTrue(spins.cancel(true));
    assertFalse(spins.isAlive());
    assertTrue(spins.exitCode() > 128, "exit code " + spins.exitCode());
    assertThrows(
        java.util.concurrent.CancellationException.class, () -> spins.get(1, TimeUnit.SECONDS));
  }
}
