package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** The body of a scope, a deadline or a shield is just code of the caller. */
@HangGuard
class BodyOnTheCallersThreadTest {
  private static final ThreadLocal<String> LOCAL = new ThreadLocal<>();

  @Test
  void theBodyOfAScopeSeesTheCallersThreadLocalsAndLocks() throws Exception {
    Thread me = Thread.currentThread();
    var lock = new ReentrantLock();
    LOCAL.set("mine");
    lock.lock();
    try {
      int holds =
          Tasks.scope(s -> {
            assertSame(me, Thread.currentThread());
            assertEquals("mine", LOCAL.get());
            LOCAL.set("changed inside");
            lock.lock();
            try {
              return lock.getHoldCount();
            } finally {
              lock.unlock();
            }
          });
      assertEquals(2, holds);
      assertEquals("changed inside", LOCAL.get());
    } finally {
      lock.unlock();
      LOCAL.remove();
    }
  }

  @Test
  void theBodiesOfDeadlinesAndShieldsRunThereToo() throws Exception {
    Thread me = Thread.currentThread();
    assertSame(me, Tasks.within(Duration.ofHours(1), Thread::currentThread));
    assertSame(me, Tasks.withinOr(Duration.ofHours(1), null, Thread::currentThread));
    assertSame(me, Tasks.timed(Duration.ofHours(1), Thread::currentThread));
    assertSame(me, Tasks.shield(Duration.ofHours(1), Thread::currentThread));
    assertSame(me, Tasks.supervise(s -> Thread.currentThread()));
  }

  @Test
  void theCallersStackIsBelowTheBody() throws Exception {
    StackTraceElement[] stack = Tasks.scope(s -> new Throwable().getStackTrace());
    boolean below = false;
    for (StackTraceElement f : stack)
      below |= f.getMethodName().equals("theCallersStackIsBelowTheBody");
    assertTrue(below);
  }
}
