package dev.brigade.storm;

import dev.brigade.policy.Limit;
import dev.brigade.task.DeadlineException;
import dev.brigade.task.Guarded;
import dev.brigade.task.Task;
import dev.brigade.task.TaskException;
import dev.brigade.task.TaskFailedException;
import dev.brigade.task.Tasks;
import dev.brigade.task.Work;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** What a random tree of tasks did, to be compared with what it must have done. */
final class Ledger {
  /** A failure that the storm means. */
  static final class MeantException extends Exception {
    private static final long serialVersionUID = 1L;

    MeantException() {
      super("meant", null, true, false);
    }
  }

  /** An error that the storm means. */
  static final class MeantError extends Error {
    private static final long serialVersionUID = 1L;

    MeantError() {
      super("meant", null, true, false);
    }
  }

  private record Entry(Task<?> task, AtomicInteger told) {}

  final Limit limit = Limit.of(3);
  final Guarded<int[]> guarded = new Guarded<>(new int[1]);
  private final AtomicInteger updates = new AtomicInteger();
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private final Queue<Entry> tasks = new ConcurrentLinkedQueue<>();
  private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();
  private final Queue<Throwable> wrong = new ConcurrentLinkedQueue<>();

  /** The work, with its beginning and end written down. */
  Work<Integer, Exception> tracked(Work<Integer, Exception> work) {
    return () -> {
      begun.incrementAndGet();
      if (Thread.currentThread().isVirtual()) threads.add(Thread.currentThread());
      try {
        return work.call();
      } catch (Throwable t) {
        if (!isMeant(t)) wrong.add(t);
        throw t;
      } finally {
        ended.incrementAndGet();
      }
    };
  }

  Task<Integer> add(Task<Integer> task) {
    var entry = new Entry(task, new AtomicInteger());
    tasks.add(entry);
    task.onDone(o -> entry.told.incrementAndGet());
    return task;
  }

  int update() throws InterruptedException {
    guarded.run(v -> {
      updates.incrementAndGet();
      v[0]++;
    });
    return 1;
  }

  void expect(boolean holds, String what) {
    if (!holds) wrong.add(new AssertionError(what));
  }

  void interruptOne(int number) {
    int i = number;
    for (Thread t : threads) if (i-- == 0) t.interrupt();
  }

  int threadCount() {
    return threads.size();
  }

  static boolean isMeant(Throwable t) {
    return t instanceof MeantException
        || t instanceof MeantError
        || t instanceof InterruptedException
        || t instanceof TimeoutException
        || t instanceof TaskException
        || t instanceof DeadlineException
        || t instanceof TaskFailedException f && isMeant(f.getCause());
  }

  /** After the outermost call has returned, all that it started is over. */
  void check() throws Exception {
    expect(begun.get() == ended.get(), begun + " bodies begun, " + ended + " ended");
    for (Entry e : tasks) {
      expect(e.task.isDone(), e.task + " has not ended");
      expect(e.told.get() == 1, e.task + " told its end " + e.told + " times");
    }
    for (Thread t : threads) expect(!t.isAlive(), t + " is alive after the outermost scope");
    var s = limit.statistics();
    expect(s.held() == 0 && s.waiting() == 0, "permits or waiters are left: " + s);
    guarded.run(v -> expect(v[0] == updates.get(), v[0] + " updates, not " + updates));
    expect(Tasks.snapshot().roots().isEmpty(), "scopes are left: " + Tasks.snapshot());
    expect(Tasks.snapshot().abandoned() == 0, "tasks are counted as abandoned");
    if (wrong.isEmpty()) return;
    var e = new AssertionError(wrong.size() + " violations", wrong.peek());
    wrong.stream().skip(1).limit(8).forEach(e::addSuppressed);
    throw e;
  }

  int size() {
    return begun.get();
  }
}
