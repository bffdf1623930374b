package dev.brigade.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.brigade.engine.Engine;
import dev.brigade.task.Tasks;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The leak and pin checks find what they look for, and nothing else. */
class ChecksTest {
  private static volatile CountDownLatch release = new CountDownLatch(1);
  private static volatile CountDownLatch hanging = new CountDownLatch(1);

  @AfterEach
  void end() {
    release.countDown();
    release = new CountDownLatch(1);
    hanging = new CountDownLatch(1);
  }

  private static void hang() {
    try {
      hanging.countDown();
      release.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @LeakChecked
  static class Leaky {
    @Test
    void leavesAThread() throws Exception {
      Thread.ofPlatform().name("left platform").daemon().start(ChecksTest::hang);
      hanging.await();
    }

    @Test
    void leavesAVirtualThread() throws Exception {
      Thread.ofVirtual().name("left virtual").start(ChecksTest::hang);
      hanging.await();
    }

    @Test
    void leavesAnEngineOpen() throws Exception {
      Engine engine = Engine.openCores(1);
      assertEquals("ran", engine.submit(() -> "ran").get());
      Thread.ofVirtual()
          .start(() -> {
            hang();
            engine.close();
          });
    }

    @Test
    void leavesAScopeOpen() throws Exception {
      var opened = new CountDownLatch(1);
      Thread.ofVirtual()
          .start(() -> {
            try {
              Tasks.named("left open")
                  .runScope(s -> {
                    opened.countDown();
                    hang();
                  });
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
      opened.await();
    }

    @Test
    void leavesNothing() throws Exception {
      assertEquals(List.of(2, 4), Tasks.map(List.of(1, 2), n -> 2 * n));
      assertEquals(List.of(2, 4), Tasks.on(Engine.cores()).map(List.of(1, 2), n -> 2 * n));
      Tasks.time(new VirtualClock())
          .runScope(s -> s.run(() -> Tasks.sleep(java.time.Duration.ofHours(1))));
    }
  }

  /** Blocks in its initialiser, which stands on a native frame: pinned. */
  private static final class Initialised {
    static final int VALUE;

    static {
      LockSupport.parkNanos(60_000_000);
      VALUE = 1;
    }
  }

  static class Pinned {
    @Test
    @PinChecked
    void blocksPinned() throws Exception {
      Thread.ofVirtual().start(() -> assertEquals(1, Initialised.VALUE)).join();
    }

    @Test
    @PinChecked
    void blocksFreely() throws Exception {
      Thread.ofVirtual().start(() -> LockSupport.parkNanos(60_000_000)).join();
    }
  }

  private static String failureOf(Class<?> type, String method) {
    return failureOf(type, method, method.startsWith("leavesA") ? "100" : "30000");
  }

  private static String failureOf(Class<?> type, String method, String patienceMillis) {
    var failure = new AtomicReference<>("passed");
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(selectMethod(type, method))
                // What leaves something behind does so for good: no need to be patient with it.
                .configurationParameter("brigade.leaks.patience.millis", patienceMillis)
                .build(),
            new TestExecutionListener() {
              @Override
              public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (test.isTest())
                  result.getThrowable().ifPresent(t -> failure.set(String.valueOf(t.getMessage())));
              }
            });
    return failure.get();
  }

  private static void assertContains(String text, String part) {
    assertTrue(text.contains(part), "no '" + part + "' in " + text);
  }

  @Test
  void aThreadLeftIsFoundWithItsStack() {
    String failure = failureOf(Leaky.class, "leavesAThread");
    assertContains(failure, "left platform");
    assertContains(failure, "ChecksTest.hang");
  }

  @Test
  void aVirtualThreadLeftIsFoundWithItsStack() {
    String failure = failureOf(Leaky.class, "leavesAVirtualThread");
    assertContains(failure, "left virtual");
    assertContains(failure, "ChecksTest.hang");
  }

  @Test
  void anEngineLeftOpenIsFound() {
    assertContains(failureOf(Leaky.class, "leavesAnEngineOpen"), "brigade-cores-");
  }

  @Test
  void aScopeLeftOpenIsFound() {
    assertContains(failureOf(Leaky.class, "leavesAScopeOpen"), "left open");
  }

  @Test
  void whatCleansUpPasses() {
    assertEquals("passed", failureOf(Leaky.class, "leavesNothing"));
  }

  @Test
  void aPinnedBlockIsFoundWithItsStack() {
    assertContains(failureOf(Pinned.class, "blocksPinned"), "Initialised.<clinit>");
  }

  @Test
  void anOrdinaryBlockPasses() {
    assertEquals("passed", failureOf(Pinned.class, "blocksFreely"));
  }
}
