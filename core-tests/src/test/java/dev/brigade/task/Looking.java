package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.observe.Finding;
import dev.brigade.time.TimeSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;

/** A watchdog that looks when a test says so, on a clock that the test moves. */
final class Looking {
  static final Duration HOG_AFTER = Duration.ofSeconds(1);
  static final Duration SLOW_AFTER = Duration.ofSeconds(20);
  static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(10);

  final Dial clock = new Dial();
  final List<Finding> reported = Collections.synchronizedList(new ArrayList<>());
  final Watchdog dog =
      Watchdog.of(
          Watchdog.options()
              .withHogAfter(HOG_AFTER)
              .withSlowCancelAfter(SLOW_AFTER)
              .withForgottenAfter(FORGOTTEN_AFTER)
              .reportingTo(reported::add)
              .withTime(clock));

  /** What as many looks as it takes find, over so much time. */
  List<Finding> over(Duration time) {
    var found = new ArrayList<Finding>(dog.check());
    for (int i = 0; i < 4; i++) {
      clock.advance(time.dividedBy(4));
      found.addAll(dog.check());
    }
    return found;
  }

  /** What is found on a clock that has gone on by itself, in as few looks as possible. */
  List<Finding> after(Duration time) {
    var found = new ArrayList<Finding>();
    for (int i = 0; i < 2; i++) {
      clock.advance(time.dividedBy(2));
      found.addAll(dog.check());
    }
    return found;
  }

  /** Until all of them are parked, and have swallowed what interrupted them. */
  static void awaitParked(Task<?>... tasks) {
    Awaitility.await()
        .until(() -> {
          for (Task<?> t : tasks) if (!isParked(threadOf(t))) return false;
          return true;
        });
  }

  /** Until it is parked on such a thing. */
  static void awaitParkedOn(Class<?> blocker, Task<?> task) {
    Awaitility.await()
        .until(() -> {
          Thread t = threadOf(task);
          return isParked(t) && blocker.isInstance(LockSupport.getBlocker(t));
        });
  }

  private static boolean isParked(Thread t) {
    return t != null && t.getState() == Thread.State.WAITING && !t.isInterrupted();
  }

  /** The thread that it runs on, or null. */
  static Thread threadOf(Task<?> task) {
    Frame root = ((TaskNode<?>) task).root;
    return root == null ? null : root.thread;
  }

  /** Looks, and lets go of what it has looked at, also when it has seen something else. */
  static <T> T before(Runnable letGo, Work<T, Exception> look) throws Exception {
    try {
      return look.call();
    } finally {
      letGo.run();
    }
  }

  /** The only one there is. */
  static Finding only(List<Finding> found, Finding.Kind kind) {
    assertEquals(1, found.size(), found::toString);
    Finding f = found.getFirst();
    assertEquals(kind, f.kind(), f::toString);
    return f;
  }

  /** That the line which is named is the one with this mark in it. */
  static void assertNames(String mark, Finding f) throws Exception {
    StackTraceElement where = f.where();
    assertNotNull(where, f::toString);
    assertTrue(f.toString().contains(where.toString()), f::toString);
    Path source =
        Path.of(System.getProperty("brigade.root"), "core-tests/src/test/java/dev/brigade/task")
            .resolve(String.valueOf(where.getFileName()));
    String line = Files.readAllLines(source).get(where.getLineNumber() - 1);
    assertTrue(line.contains(mark), () -> f + "\n is: " + line);
  }

  /**
   * A time that is set by hand and wakes nobody, so that who waits at one look does at the next.
   */
  static final class Dial implements TimeSource {
    private final AtomicLong now = new AtomicLong();

    void advance(Duration by) {
      now.addAndGet(by.toNanos());
    }

    @Override
    public long nanoTime() {
      return now.get();
    }

    @Override
    public Alarm schedule(long atNanos, Runnable action) {
      return () -> {};
    }

    @Override
    public void park(Object blocker, long untilNanos) {
      LockSupport.park(blocker);
    }

    @Override
    public void unpark(Thread thread) {
      LockSupport.unpark(thread);
    }
  }
}
