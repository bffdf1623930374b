package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.brigade.engine.Engine;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * On a thread that helps, an interrupt from outside is the joiner's, and no value or failure of an
 * item.
 */
class InterruptWhileHelpingTest {
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch never = new CountDownLatch(1);
  private final AtomicInteger items = new AtomicInteger();

  private int block(int item) throws InterruptedException {
    items.incrementAndGet();
    begun.countDown();
    never.await();
    return item;
  }

  /** What the shape throws when the thread that it runs on is interrupted from outside. */
  private Throwable thrownWhenInterrupted(Work<?, ?> shape, Engine engine) throws Exception {
    var thrown = new AtomicReference<Throwable>();
    var ended = new CountDownLatch(1);
    Future<?> job =
        engine.submit(() -> {
          try {
            shape.call();
          } catch (Throwable t) {
            thrown.set(t);
          } finally {
            ended.countDown();
          }
        });
    begun.await();
    job.cancel(true);
    ended.await(30, TimeUnit.SECONDS);
    return thrown.get();
  }

  @Test
  void settleStopsInsteadOfTakingItForAFailure() throws Exception {
    try (Engine one = Engine.openThreads(1)) {
      Work<?, ?> shape = () -> Tasks.on(one).settle(List.of(1, 2), this::block);
      assertInstanceOf(InterruptedException.class, thrownWhenInterrupted(shape, one));
    }
    assertEquals(1, items.get());
  }

  @Test
  void anyStopsInsteadOfTryingTheNextBranch() throws Exception {
    try (Engine one = Engine.openCores(1)) {
      Work<?, ?> shape = () -> Tasks.on(one).limit(1).anyOf(List.of(1, 2), this::block);
      assertInstanceOf(InterruptedException.class, thrownWhenInterrupted(shape, one));
    }
    assertEquals(1, items.get());
  }

  @Test
  void joinThrowsIt() throws Exception {
    try (Engine one = Engine.openThreads(1)) {
      Work<?, ?> shape = () -> Tasks.on(one).scope(s -> s.fork(() -> block(1)).join());
      assertInstanceOf(InterruptedException.class, thrownWhenInterrupted(shape, one));
    }
  }

  @Test
  void aReadThatTookTooLongIsNoInterrupt() throws Exception {
    var late = new SocketTimeoutException("read timed out");
    Work<Object, Exception> read =
        () -> {
          throw late;
        };
    try (Engine one = Engine.openCores(1)) {
      Future<Throwable> seen =
          one.submit(() -> {
            Work<?, ?> shape = () -> Tasks.on(one).all(List.of(read));
            try {
              return new AssertionError("returned " + shape.call());
            } catch (Throwable t) {
              return t;
            }
          });
      assertSame(late, seen.get());
    }
  }
}
