package dev.brigade.task;

import static dev.brigade.task.Looking.HOG_AFTER;
import static dev.brigade.task.Looking.assertNames;
import static dev.brigade.task.Looking.before;
import static dev.brigade.task.Looking.only;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.engine.Engine;
import dev.brigade.observe.Finding;
import dev.brigade.observe.Finding.Kind;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Who waits and keeps its carrier meanwhile. */
@HangGuard
class WatchdogPinTest {
  private static final CountDownLatch FIRST = new CountDownLatch(1);
  private static final CountDownLatch SECOND = new CountDownLatch(1);
  private static final CountDownLatch THIRD = new CountDownLatch(1);

  private final Looking looking = new Looking();

  private static final class Initialised {
    static {
      hold(FIRST); // pins
    }

    static void touch() {}
  }

  /** A class is initialised once, so each test has one of its own. */
  private static final class InitialisedToo {
    static {
      hold(SECOND);
    }

    static void touch() {}
  }

  private static final class Pinned {
    static {
      hold(THIRD);
    }

    static void touch() {}
  }

  private static void hold(CountDownLatch release) {
    try {
      release.await(); // pins
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean waits(Task<?> task) {
    Thread t = ((TaskNode<?>) task).thread;
    return t != null && t.getState() == Thread.State.WAITING;
  }

  @Test
  void aWaitInsideAClassInitialiserIsNamedWithItsClassAndLine() throws Exception {
    Tasks.runScope(s -> {
      Task<?> task = s.run("initialises", Initialised::touch);
      Awaitility.await().until(() -> waits(task));
      Finding f =
          before(
              FIRST::countDown,
              () -> {
                Finding first = only(looking.over(HOG_AFTER), Kind.PINNED);
                assertEquals(List.of(), looking.over(HOG_AFTER.multipliedBy(10)), "named once");
                return first;
              });
      assertEquals("initialises", f.task());
      assertNames("// pins", f);
      assertTrue(f.message().contains("initialiser of class " + Initialised.class.getName()));
      assertTrue(f.message().contains("openThreads"), f.message());
    });
  }

  @Test
  void onAPlatformThreadThereIsNoCarrierToKeep() throws Exception {
    Tasks.on(Engine.cores())
        .runScope(s -> {
          Task<?> task = s.run(InitialisedToo::touch);
          Awaitility.await()
              .until(() -> task.state() == Task.State.RUNNING && threadOf(task) != null);
          Awaitility.await().until(() -> threadOf(task).getState() == Thread.State.WAITING);
          assertEquals(List.of(), looking.over(HOG_AFTER.multipliedBy(3)));
          SECOND.countDown();
        });
  }

  private static Thread threadOf(Task<?> task) {
    Frame root = ((TaskNode<?>) task).root;
    return root == null ? null : root.thread;
  }

  @Test
  void aWaitInsideSynchronizedDoesNotPinAndIsNotNamed() throws Exception {
    var release = new CountDownLatch(1);
    Tasks.runScope(s -> {
      Task<?> task =
          s.run(() -> {
            synchronized (this) {
              release.await();
            }
          });
      Awaitility.await().until(() -> waits(task));
      assertEquals(List.of(), looking.over(HOG_AFTER.multipliedBy(3)));
      release.countDown();
    });
  }

  @Test
  void aPinIsFoundAmongManyThatOnlyWait() throws Exception {
    var many = new Stuck(1_000);
    Tasks.runScope(s -> {
      var waiting = new Task<?>[1_000];
      for (int i = 0; i < waiting.length; i++) waiting[i] = s.fork(many::block);
      Looking.awaitParked(waiting);
      Task<?> task = s.run("pinned", Pinned::touch);
      Awaitility.await().until(() -> waits(task));
      Finding f = before(THIRD::countDown, () -> only(looking.over(HOG_AFTER), Kind.PINNED));
      many.letGo();
      assertEquals("pinned", f.task());
    });
  }
}
