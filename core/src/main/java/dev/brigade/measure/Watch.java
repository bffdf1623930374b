package dev.brigade.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/*
 * Design. Threads that run items are members. Whoever has time (the caller of the fan-out, or a member
 * between two items) takes a look at all of them and adds what has changed since the look before.
 * A look takes 5 to 10 microseconds for each member.
 *
 * Guarded by `lock`: everything but the counts of items. A member takes the lock only when it enters and
 * leaves, and does not look while another does: it must not be seen waiting for a lock of ours. What lies
 * between two items is counted too, being next to nothing.
 *
 * Of all time T since a thread entered, what is neither on a core nor in the queue for one, as they read
 * now, is unexplained. Of a thread that waits now both readings are exact, so it is what it has waited. Of
 * one that runs or is queued it contains what the system has not accounted for yet, which on a busy or
 * overcommitted machine is a lot: so then nothing is concluded from it. So times of waiting are counted
 * when the thread is next seen waiting, as time of waiting for a lock if it then does, and times on a core
 * as they are accounted for. While the JVM has stopped a thread, or it waits for one of our own locks
 * between two items, it does neither, as in the queue for a core.
 *
 * Sums decay: when a thread has been seen for 2 * HALF_NANOS on average, all are halved. So what the
 * first items cost a cold program is soon forgotten.
 */
/** Measures the threads that run the first items of some work. */
public final class Watch {
  private static final long HALF_NANOS = 40_000_000;
  private static final long LEAST_NANOS = 150_000;

  private final Probes probes;
  private final Clock clock;
  private final int expected;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Member> members = new ArrayList<>();
  private long firstNanos;
  private long lastNanos;
  private boolean begun;
  private int most;
  private int itemsOfGone;
  private int looks;
  private int lockedLooks;
  private int waits;
  private String where = "";

  // Whole sums, then the decayed ones.
  private double wall;
  private double cpu;
  private double queued;
  private double waited;
  private double recentNet;
  private double recentCpu;
  private double recentLocked;

  /** Reads real time; a test's is its own. */
  public interface Clock {
    /** Now. */
    long nanoTime();
  }

  /**
   * On real time.
   *
   * @param expected how many threads there will be; of more than one, locks are looked for only
   *     while there are several
   */
  public Watch(Probes probes, int expected) {
    this(probes, expected, System::nanoTime);
  }

  /** For tests. */
  public Watch(Probes probes, int expected, Clock clock) {
    this.probes = probes;
    this.expected = expected;
    this.clock = clock;
  }

  /** A thread that runs items. */
  public final class Member {
    private final Thread thread = Thread.currentThread();
    private final Probe probe = probes.here();
    private final long enteredNanos = clock.nanoTime();
    private final long cpuFrom;
    private final long queuedFrom;
    private long waitsBefore;
    private double wallNanos;
    private double cpuNanos;
    private double queuedNanos;
    private double waitedNanos;
    private double stoppedNanos;
    private final AtomicInteger items = new AtomicInteger();
    private volatile boolean inItems;
    private boolean gone;

    private Member() {
      Probe.Look now = probe.look();
      cpuFrom = now.cpuNanos();
      queuedFrom = now.queuedNanos();
      waitsBefore = now.waits();
    }

    /** Reads the thread. A wait of ours, between two items, says nothing of them. */
    private Probe.Look read() {
      int before = items.get();
      boolean inItem = inItems;
      Probe.Look now = probe.look();
      inItem &= inItems && items.get() == before;
      boolean waits = now.doing() == Probe.Doing.LOCKED || now.doing() == Probe.Doing.WAITING;
      if (inItem || !waits) return now;
      return new Probe.Look(now.cpuNanos(), now.queuedNanos(), now.waits(), Probe.Doing.STOPPED);
    }

    /** Brings the totals up to date. */
    private void update(Probe.Look now, long at) {
      wallNanos = at - enteredNanos;
      queuedNanos = Math.max(queuedNanos, now.queuedNanos() - queuedFrom);
      cpuNanos = Math.max(cpuNanos, now.cpuNanos() - cpuFrom);
      double unexplained = wallNanos - queuedNanos - cpuNanos - stoppedNanos;
      switch (now.doing()) {
        case WAITING, LOCKED -> waitedNanos = Math.max(waitedNanos, unexplained);
        case STOPPED -> stoppedNanos += Math.max(0, unexplained - waitedNanos);
        case RUNNING, GONE -> {}
      }
      waits += (int) (now.waits() - waitsBefore);
      waitsBefore = now.waits();
    }

    /** It begins some items. */
    public void begins() {
      inItems = true;
    }

    /** Some items ended on it, all that it had begun. */
    public void ended(int count) {
      inItems = false;
      items.getAndAdd(count);
    }

    /** It runs no more items. */
    public void leave() {
      lock.lock();
      try {
        if (gone) return;
        add(this);
        itemsOfGone += items.get();
        gone = true;
        members.remove(this);
        probe.close();
      } finally {
        lock.unlock();
      }
    }
  }

  /** The current thread, a platform thread, begins to run items. */
  public Member enter() {
    var member = new Member();
    lock.lock();
    try {
      if (!begun) {
        begun = true;
        firstNanos = member.enteredNanos;
        lastNanos = member.enteredNanos;
      }
      members.add(member);
      most = Math.max(most, members.size());
      return member;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Looks at every thread.
   *
   * @return what was seen so far; null if somebody else looks, or has just done so
   */
  public @Nullable Figures look() {
    if (!lock.tryLock()) return null;
    try {
      long now = clock.nanoTime();
      if (!begun || now - lastNanos < LEAST_NANOS) return null;
      lastNanos = now;
      return lookAtAll();
    } finally {
      lock.unlock();
    }
  }

  private Figures lookAtAll() {
    for (Member m : members) add(m);
    double seen = recentNet / Math.max(1, members.size());
    if (seen > 2 * HALF_NANOS) {
      recentNet /= 2;
      recentCpu /= 2;
      recentLocked /= 2;
    }
    return figures();
  }

  private void add(Member m) {
    // Before it is read: the reader may itself be kept from a core in between, which is no wait of
    // the
    // thread that it reads.
    long at = clock.nanoTime();
    Probe.Look look = m.read();
    wall -= m.wallNanos;
    queued -= m.queuedNanos;
    double cpuBefore = m.cpuNanos;
    double waitedBefore = m.waitedNanos;
    m.update(look, at);
    wall += m.wallNanos;
    queued += m.queuedNanos;
    double computed = m.cpuNanos - cpuBefore;
    double waiting = m.waitedNanos - waitedBefore;
    cpu += computed;
    waited += waiting;
    recentCpu += computed;
    recentNet += computed + waiting;
    // A lock can't be waited for alone.
    if (members.size() > 1 || expected == 1) looks++;
    if (look.doing() != Probe.Doing.LOCKED) return;
    lockedLooks++;
    recentLocked += waiting;
    if (where.isEmpty()) where = Doings.where(m.thread);
  }

  private Figures figures() {
    double locked = recentNet <= 0 ? 0 : recentLocked / recentNet;
    double busy = recentNet <= 0 ? 1 : recentCpu / recentNet;
    int items = itemsOfGone;
    for (Member m : members) items += m.items.get();
    return new Figures(
        items,
        most,
        (long) wall,
        (long) cpu,
        (long) queued,
        (long) waited,
        locked,
        looks,
        lockedLooks,
        waits,
        busy,
        lastNanos - firstNanos);
  }

  /** What was seen so far, without another look. */
  public Figures sofar() {
    lock.lock();
    try {
      return figures();
    } finally {
      lock.unlock();
    }
  }

  /** The first of the user's frames in which a thread waited for a lock; empty if none did. */
  public String lockedAt() {
    lock.lock();
    try {
      return where;
    } finally {
      lock.unlock();
    }
  }

  /** What people should know of how good the figures are; empty if there is nothing. */
  public String caveat() {
    return probes.caveat();
  }
}
