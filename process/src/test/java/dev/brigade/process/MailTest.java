package dev.brigade.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.process.wire.Codec;
import dev.brigade.process.wire.FrameKind;
import dev.brigade.process.wire.GarbageException;
import dev.brigade.process.wire.Input;
import dev.brigade.process.wire.Link;
import dev.brigade.process.wire.Output;
import dev.brigade.task.DeadlineException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The flow of messages between two ends whose frames are carried by hand. */
@Timeout(60)
class MailTest {
  private static final class Side {
    final Mail mail;
    final ArrayDeque<byte[]> leaving = new ArrayDeque<>();
    int sent;
    int received;

    Side(WorkerProcess.Bounds bounds) {
      mail = new Mail(bounds, () -> new Codec(ClassLoader.getSystemClassLoader(), null), () -> 0);
      mail.connect(frames -> {
        synchronized (leaving) {
          leaving.add(frames.toByteArray());
        }
      });
    }

    boolean carryOne(Side to) throws IOException {
      byte[] frame;
      synchronized (leaving) {
        frame = leaving.poll();
      }
      if (frame == null) return false;
      to.mail.take(frame[4], new Input(frame, 5, frame.length));
      return true;
    }

    boolean trySend(Object message) throws InterruptedException {
      return mail.send(mail.pack(message, 0), Mail.AT_ONCE);
    }

    Object take() throws Exception {
      Mail.Letter letter = mail.take(Mail.AT_ONCE);
      return letter == null ? "end" : mail.open(letter);
    }
  }

  @Test
  void inAnyOrderOfStepsNothingIsLostDoubledOrOutOfOrderAndTheBoundsHold() throws Exception {
    for (int seed = 0; seed < 300; seed++) {
      var random = new Random(seed);
      var bounds = new WorkerProcess.Bounds(1 + random.nextInt(9), 1 + random.nextInt(400));
      var a = new Side(bounds);
      var b = new Side(bounds);
      for (int step = 0; step < 400; step++) {
        Side from = random.nextBoolean() ? a : b;
        Side to = from == a ? b : a;
        switch (random.nextInt(3)) {
          case 0 -> {
            String text = from.sent + " " + "x".repeat(random.nextInt(300));
            if (from.trySend(text)) from.sent++;
          }
          case 1 -> {
            boolean unused = from.carryOne(to);
          }
          default -> takeOne(to, seed);
        }
        assertTrue(a.sent - b.received <= bounds.messages(), "seed " + seed);
        assertTrue(b.sent - a.received <= bounds.messages(), "seed " + seed);
      }
      while (a.carryOne(b) | b.carryOne(a) | takeOne(a, seed) | takeOne(b, seed)) {}
      assertEquals(a.sent, b.received, "seed " + seed);
      assertEquals(b.sent, a.received, "seed " + seed);
    }
  }

  private static boolean takeOne(Side side, int seed) throws Exception {
    try {
      String text = (String) side.take();
      assertEquals(side.received, Integer.parseInt(text.split(" ")[0]), "seed " + seed);
      side.received++;
      return true;
    } catch (DeadlineException e) {
      return false;
    }
  }

  @Test
  void aSenderThatWaitsGoesOnWhenNothingIsLeftToConsume() throws Exception {
    // A quarter of these bounds is never reached by the small message.
    var bounds = new WorkerProcess.Bounds(1000, 10_000);
    var a = new Side(bounds);
    var b = new Side(bounds);
    assertTrue(a.trySend("small"));
    assertTrue(a.carryOne(b));
    assertEquals("small", b.take());
    Thread sender =
        Thread.ofVirtual()
            .start(() -> {
              try {
                assertTrue(a.mail.send(a.mail.pack(new byte[9_999], 0), Mail.FOREVER));
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    while (sender.isAlive()) {
      boolean unused = a.carryOne(b) | b.carryOne(a);
      Thread.onSpinWait();
    }
    while (a.carryOne(b)) {}
    assertEquals(9_999, ((byte[]) b.take()).length);
  }

  @Test
  void aSenderThatIsInterruptedWhileItWaitsHasSentNothing() throws Exception {
    var a = new Side(new WorkerProcess.Bounds(1, 1000));
    var b = new Side(new WorkerProcess.Bounds(1, 1000));
    assertTrue(a.trySend("first"));
    var thrown = new AtomicReference<Throwable>();
    Thread sender =
        Thread.ofVirtual()
            .start(() -> {
              try {
                boolean unused = a.mail.send(a.mail.pack("second", 0), Mail.FOREVER);
              } catch (Throwable t) {
                thrown.set(t);
              }
            });
    // It says that it waits, and then does.
    while (a.leaving.size() < 2) Thread.onSpinWait();
    sender.interrupt();
    sender.join();
    assertTrue(thrown.get() instanceof InterruptedException, () -> "" + thrown.get());
    assertFalse(a.trySend("third"));
    while (a.carryOne(b)) {}
    assertEquals("first", b.take());
    while (b.carryOne(a)) {}
    assertTrue(a.trySend("fourth"));
    while (a.carryOne(b)) {}
    assertEquals("fourth", b.take());
  }

  @Test
  void interruptedSendersAndReceiversLoseAndDoubleNothing() throws Exception {
    int senders = 3;
    int each = 3_000;
    var bounds = new WorkerProcess.Bounds(5, 150);
    var a = new Side(bounds);
    var b = new Side(bounds);
    var failure = new AtomicReference<Throwable>();
    var over = new AtomicBoolean();
    var got = new ConcurrentHashMap<Integer, ConcurrentLinkedQueue<Integer>>();
    List<Thread> sending = new ArrayList<>();
    for (int s = 0; s < senders; s++) {
      int number = s;
      got.put(s, new ConcurrentLinkedQueue<>());
      sending.add(
          thread(
              failure,
              () -> {
                for (int i = 0; i < each; ) {
                  try {
                    if (a.mail.send(a.mail.pack(new int[] {number, i}, 0), Mail.FOREVER)) i++;
                  } catch (InterruptedException e) {
                    // Nothing was sent: once more.
                    continue;
                  }
                }
              }));
    }
    // One receiver, so that the order of each sender can be seen.
    Thread receiving =
        thread(
            failure,
            () -> {
              for (int i = 0; i < senders * each; ) {
                try {
                  Mail.Letter letter = b.mail.take(Mail.FOREVER);
                  int[] message = (int[]) b.mail.open(Objects.requireNonNull(letter));
                  Objects.requireNonNull(got.get(message[0])).add(message[1]);
                  i++;
                } catch (InterruptedException e) {
                  continue;
                }
              }
            });
    Thread carriesThere = thread(failure, () -> carry(a, b, over));
    Thread carriesBack = thread(failure, () -> carry(b, a, over));
    var random = new Random(5);
    while (receiving.isAlive() && failure.get() == null) {
      (random.nextInt(4) == 0 ? receiving : sending.get(random.nextInt(senders))).interrupt();
      Thread.yield();
    }
    assertNull(failure.get());
    for (Thread t : sending) t.join();
    receiving.join();
    over.set(true);
    carriesThere.join();
    carriesBack.join();
    assertNull(failure.get());
    for (var all : got.values()) {
      int next = 0;
      for (int i : all) assertEquals(next++, i);
      assertEquals(each, next);
    }
  }

  private interface Body {
    void run() throws Exception;
  }

  private static Thread thread(AtomicReference<Throwable> failure, Body body) {
    return Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            body.run();
          } catch (Throwable t) {
            boolean unused = failure.compareAndSet(null, t);
          }
        });
  }

  /** One carrier each way: frames stay in their order. */
  private static void carry(Side from, Side to, AtomicBoolean over) throws IOException {
    while (!over.get()) if (!from.carryOne(to)) Thread.yield();
  }

  @Test
  void theEndComesAfterWhatWasSentAndDeathAfterWhatHasArrived() throws Exception {
    var bounds = WorkerProcess.Bounds.of();
    var a = new Side(bounds);
    var b = new Side(bounds);
    assertTrue(a.trySend("one"));
    a.mail.finish("it is finished");
    var refused = assertThrows(IllegalStateException.class, () -> a.trySend("two"));
    assertEquals("it is finished", refused.getMessage());
    while (a.carryOne(b)) {}
    assertTrue(b.trySend("still open this way"));
    assertEquals("one", b.take());
    assertEquals("end", b.take());
    while (b.carryOne(a)) {}
    a.mail.die(() -> new IllegalArgumentException("dead"));
    assertEquals("still open this way", a.take());
    assertThrows(IllegalArgumentException.class, a::take);
  }

  @Test
  void whatIsThrownAwayIsToldToBeConsumed() throws Exception {
    var bounds = new WorkerProcess.Bounds(4, 1000);
    var a = new Side(bounds);
    var b = new Side(bounds);
    for (int i = 0; i < 3; i++) assertTrue(a.trySend(i));
    while (a.carryOne(b)) {}
    b.mail.discard();
    for (int i = 0; i < 100; i++) {
      while (b.carryOne(a)) {}
      assertTrue(a.trySend(i));
      while (a.carryOne(b)) {}
    }
    assertNull(b.mail.take(Mail.AT_ONCE));
  }

  @Test
  void whoBreaksTheRulesIsFoundOut() throws Exception {
    var a = new Side(new WorkerProcess.Bounds(100, 1000));
    var b = new Side(new WorkerProcess.Bounds(2, 1000));
    for (int i = 0; i < 3; i++) assertTrue(a.trySend(i));
    assertTrue(a.carryOne(b));
    assertTrue(a.carryOne(b));
    assertThrows(GarbageException.class, () -> a.carryOne(b));
    var out = new Output();
    int frame = Link.begin(out, FrameKind.CREDIT);
    out.putVarLong(4);
    out.putVarLong(0);
    Link.end(out, frame);
    var in = new Input(out.array(), 5, out.size());
    assertThrows(GarbageException.class, () -> a.mail.take(FrameKind.CREDIT, in));
    assertThrows(GarbageException.class, () -> a.mail.take(99, new Input(new byte[0])));
  }

  @Test
  void boundsAreChecked() {
    var e = assertThrows(IllegalArgumentException.class, () -> new WorkerProcess.Bounds(0, 1));
    assertEquals("messages must be at least 1, but was 0", e.getMessage());
    e = assertThrows(IllegalArgumentException.class, () -> new WorkerProcess.Bounds(1, -5));
    assertEquals("bytes must be at least 1, but was -5", e.getMessage());
  }
}
