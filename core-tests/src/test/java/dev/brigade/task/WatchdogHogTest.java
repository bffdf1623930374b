package dev.brigade.task;

import static dev.brigade.task.Looking.HOG_AFTER;
import static dev.brigade.task.Looking.assertNames;
import static dev.brigade.task.Looking.only;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.engine.Engine;
import dev.brigade.observe.Finding;
import dev.brigade.observe.Finding.Kind;
import dev.brigade.observe.Observers;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Who keeps a carrier by computing, and who only seems to. */
@HangGuard
class WatchdogHogTest {
  private static final int CARRIERS = Runtime.getRuntime().availableProcessors();
  private final Looking looking = new Looking();
  // Not a latch: who wakes another thread may be seen in native code for as long as it is held up.
  private final AtomicInteger begun = new AtomicInteger();
  private volatile boolean stop;
  private volatile int looks;

  private void spin() {
    begun.incrementAndGet(); // spins
    while (!stop && !Thread.currentThread().isInterrupted()) // spins
    Thread.onSpinWait(); // spins
  }

  private static boolean isRunning(Thread t) {
    return t.getState() == Thread.State.RUNNABLE && Stacks.isMounted(t);
  }

  /** Looks while the work runs, and lets the work end then. */
  private List<Finding> during(VoidWork<Exception> work, Work<Boolean, Exception> isThere)
      throws Exception {
    return Tasks.supervise(s -> {
      s.run("the work", work);
      Awaitility.await().until(isThere::call);
      List<Finding> found = looking.over(HOG_AFTER.multipliedBy(3));
      stop = true;
      return found;
    });
  }

  private boolean isBegun() {
    return begun.get() > 0;
  }

  private void awaitBegun() {
    awaitBegun(1);
  }

  private void awaitBegun(int spinning) {
    Awaitility.await().until(() -> begun.get() >= spinning);
  }

  @Test
  void aTaskThatComputesOnAVirtualThreadIsNamedWithItsLineAndWhatToDo() throws Exception {
    Finding f = only(during(this::spin, this::isBegun), Kind.HOG);
    assertEquals("the work", f.task());
    assertNames("// spins", f);
    assertTrue(f.message().contains("Engine.cores()"), f.message());
    assertTrue(f.age().compareTo(HOG_AFTER) >= 0, f::toString);
    assertEquals("spin", f.where().getMethodName());
    assertTrue(f.toString().startsWith("hog: the work"), f::toString);
    assertTrue(f.toString().contains("\n    at "), f::toString);
    assertEquals(List.of(f), looking.reported);
  }

  @Test
  void itTellsWhereTheTaskWasForked() throws Exception {
    Finding f = only(during(this::spin, this::isBegun), Kind.HOG);
    assertTrue(String.valueOf(f.site()).startsWith("WatchdogHogTest."), f::toString);
    stop = false;
    begun.set(0);
    try (var _ = Observers.register(e -> {})) {
      f = only(during(this::spin, this::isBegun), Kind.HOG);
    }
    assertTrue(String.valueOf(f.site()).matches("WatchdogHogTest\\.during:\\d+"), f::toString);
  }

  @Test
  void itIsNotNamedBeforeThreeLooksAndTheTime() throws Exception {
    Tasks.runScope(s -> {
      s.run(this::spin);
      awaitBegun();
      assertEquals(List.of(), looking.dog.check());
      looking.clock.advance(Duration.ofDays(1));
      assertEquals(List.of(), looking.dog.check(), "a machine that stood still proves nothing");
      looking.clock.advance(HOG_AFTER.dividedBy(2).minusNanos(1));
      assertEquals(List.of(), looking.dog.check());
      looking.clock.advance(Duration.ofNanos(1));
      only(looking.dog.check(), Kind.HOG);
      stop = true;
    });
  }

  @Test
  void aClockThatStandsStillOrGoesBackProvesNothing() throws Exception {
    Tasks.runScope(s -> {
      s.run(this::spin);
      awaitBegun();
      for (int i = 0; i < 50; i++) {
        assertEquals(List.of(), looking.dog.check());
        if (i > 25) looking.clock.advance(Duration.ofDays(-1));
      }
      stop = true;
    });
  }

  @Test
  void itIsNamedOnce() throws Exception {
    Tasks.runScope(s -> {
      s.run(this::spin);
      awaitBegun();
      only(looking.over(HOG_AFTER), Kind.HOG);
      assertEquals(List.of(), looking.over(HOG_AFTER.multipliedBy(100)));
      stop = true;
    });
    assertEquals(List.of(), looking.over(HOG_AFTER));
  }

  @Test
  void afterAWaitItMayBeNamedAgain() throws Exception {
    var again = new CountDownLatch(1);
    Tasks.runScope(s -> {
      Task<?> task =
          s.run(() -> {
            spin();
            again.await();
            stop = false;
            spin();
          });
      awaitBegun();
      only(looking.over(HOG_AFTER), Kind.HOG);
      stop = true;
      Thread t = ((TaskNode<?>) task).thread;
      Awaitility.await().until(() -> t.getState() == Thread.State.WAITING);
      assertEquals(List.of(), looking.dog.check());
      again.countDown();
      awaitBegun(2);
      only(looking.over(HOG_AFTER), Kind.HOG);
      stop = true;
    });
  }

  @Test
  void theLoopIsNamedAndNotWhatItHappensToCall() throws Exception {
    Tasks.runScope(s -> {
      s.run(() -> {
        for (int i = 0; i < 4; i++) {
          if (i % 2 == 0) evenly(i); // the loop
          else oddly(i); // the loop
        }
      });
      var found = new ArrayList<Finding>();
      for (int i = 0; i < 4; i++) {
        awaitBegun(i + 1);
        found.addAll(looking.dog.check());
        looking.clock.advance(HOG_AFTER.dividedBy(2));
        looks = i + 1;
      }
      Finding f = only(found, Kind.HOG);
      assertNames("// the loop", f);
      List<String> methods = f.frames().stream().map(StackTraceElement::getMethodName).toList();
      assertTrue(methods.contains("awaitLook"), methods::toString);
    });
  }

  private void evenly(int i) {
    awaitLook(i);
  }

  private void oddly(int i) {
    awaitLook(i);
  }

  private void awaitLook(int i) {
    begun.incrementAndGet();
    while (looks == i && !Thread.currentThread().isInterrupted()) stop = false;
  }

  @Test
  void twoOfTheSameKindAreOneFinding() throws Exception {
    Tasks.runScope(s -> {
      for (int i = 0; i < 2; i++) s.run(this::spin);
      // Both can spin at once only where there are two carriers.
      if (CARRIERS > 1) {
        awaitBegun(2);
        assertEquals(1, only(looking.over(HOG_AFTER), Kind.HOG).others());
      }
      stop = true;
    });
  }

  @Test
  void theBodyOfAScopeOnAVirtualThreadIsSeenToo() throws Exception {
    Thread own =
        Thread.ofVirtual()
            .start(() -> {
              try {
                Tasks.named("body").runScope(s -> spin());
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    awaitBegun();
    Finding f = only(looking.over(HOG_AFTER), Kind.HOG);
    stop = true;
    own.join();
    assertEquals("body", f.task());
    assertNames("// spins", f);
  }

  // ---- who is not a hog

  @Test
  void computingOnTheCoresEngineIsRight() throws Exception {
    Tasks.on(Engine.cores())
        .runScope(s -> {
          s.run(this::spin);
          awaitBegun();
          assertEquals(List.of(), looking.over(HOG_AFTER.multipliedBy(3)));
          stop = true;
        });
  }

  @Test
  void aTaskThatIsParkedIsNotAHog() throws Exception {
    var stuck = new Stuck();
    Tasks.runScope(s -> {
      Looking.awaitParked(s.fork(stuck::block));
      assertEquals(List.of(), looking.over(HOG_AFTER.multipliedBy(3)));
      stuck.letGo();
    });
  }

  @Test
  void aTaskThatSleepsOrReadsFromASocketIsNotAHog() throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var client = new Socket(server.getInetAddress(), server.getLocalPort());
        Socket silent = server.accept()) {
      Tasks.runSupervised(s -> {
        Task<?> reads = s.fork(() -> client.getInputStream().read());
        Task<?> sleeps = s.run(() -> Tasks.sleep(Duration.ofHours(1)));
        for (Task<?> t : List.of(reads, sleeps))
          Awaitility.await().until(() -> !isRunning(threadOf(t)) && isParked(threadOf(t)));
        assertEquals(List.of(), looking.over(HOG_AFTER.multipliedBy(3)));
        s.cancel("enough");
      });
      assertTrue(silent.isConnected());
    }
  }

  private static Thread threadOf(Task<?> t) {
    Awaitility.await().until(() -> ((TaskNode<?>) t).thread != null);
    return ((TaskNode<?>) t).thread;
  }

  private static boolean isParked(Thread t) {
    return t.getState() == Thread.State.WAITING || t.getState() == Thread.State.TIMED_WAITING;
  }

  @Test
  void aTaskThatBlocksInANativeReadIsNotAHog() throws Exception {
    Process silent = new ProcessBuilder("cat").start();
    try {
      Tasks.runScope(s -> {
        Task<?> reads = s.fork(() -> silent.getInputStream().read());
        Thread t = threadOf(reads);
        Awaitility.await()
            .until(() -> t.getStackTrace().length > 0 && t.getStackTrace()[0].isNativeMethod());
        assertEquals(List.of(), looking.over(HOG_AFTER.multipliedBy(3)));
        silent.destroy();
      });
    } finally {
      silent.destroy();
    }
  }

  @Test
  void aTaskThatQueuesForACarrierIsNotAHog() throws Exception {
    Tasks.runScope(s -> {
      for (int i = 0; i < CARRIERS; i++) s.run("hog " + i, this::spin);
      awaitBegun(CARRIERS);
      s.run("queues", () -> {});
      List<Finding> found = looking.over(HOG_AFTER);
      stop = true;
      assertTrue(found.stream().noneMatch(f -> f.task().equals("queues")), found::toString);
      assertTrue(found.stream().allMatch(f -> f.kind() == Kind.HOG), found::toString);
      int hogs = found.stream().mapToInt(f -> 1 + f.others()).sum();
      assertEquals(CARRIERS, hogs, found::toString);
      assertTrue(found.getFirst().message().contains("wait for a carrier"), found::toString);
    });
  }

  @Test
  void aTaskThatWaitedAtOneLookIsNotAHog() throws Exception {
    var pause = new CountDownLatch(1);
    Tasks.runScope(s -> {
      Task<?> task =
          s.run(() -> {
            spin();
            pause.await();
            stop = false;
            spin();
          });
      awaitBegun();
      looking.dog.check();
      looking.clock.advance(HOG_AFTER.dividedBy(2));
      assertEquals(List.of(), looking.dog.check());
      stop = true;
      Awaitility.await().until(() -> isParked(threadOf(task)));
      looking.clock.advance(HOG_AFTER.dividedBy(2));
      assertEquals(List.of(), looking.dog.check());
      pause.countDown();
      awaitBegun(2);
      assertEquals(List.of(), looking.after(HOG_AFTER.dividedBy(2)));
      stop = true;
    });
  }
}
