package dev.brigade.task;

import java.io.InterruptedIOException;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/*
 * Design. An exception object may be a shared constant, thrown again and again; suppressing into it
 * each time would be a leak. So each exception is stamped when the library first sees it, from a
 * counter, and a call suppresses only into exceptions stamped after the call began. An exception
 * that comes up from a nested call has a stamp younger than the outer call and is fine. Stamps are
 * kept weakly and only failures pay for them.
 */
/** Keeps the failures that lose beside the one that is thrown. */
final class Failures {
  private static final int MAX_SUPPRESSED = 16;
  private static final int MAX_VISITED = 10_000;
  private static final AtomicLong CLOCK = new AtomicLong();
  private static final ConcurrentHashMap<Key, Long> STAMPS = new ConcurrentHashMap<>();
  private static final ReferenceQueue<Throwable> DEAD = new ReferenceQueue<>();

  private Failures() {}

  private static final class Key extends WeakReference<Throwable> {
    private final int hash;

    Key(Throwable t) {
      super(t, DEAD);
      hash = System.identityHashCode(t);
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(@Nullable Object o) {
      return this == o || o instanceof Key k && k.get() instanceof Throwable t && t == get();
    }
  }

  /** The stamp of a call that begins now. */
  static long callBegins() {
    return CLOCK.get();
  }

  /** Stamps an exception when it is first seen. */
  static void seen(Throwable t) {
    for (Object dead = DEAD.poll(); dead != null; dead = DEAD.poll()) STAMPS.remove(dead);
    STAMPS.computeIfAbsent(new Key(t), k -> CLOCK.incrementAndGet());
  }

  /** From now on nothing is suppressed into it: it is given to several calls. */
  static void shared(Throwable t) {
    STAMPS.put(new Key(t), 0L);
  }

  private static boolean firstSeenIn(long call, Throwable t) {
    Long stamp = STAMPS.get(new Key(t));
    return stamp == null || stamp > call;
  }

  /** Adds the losers of one call to its winner: at most 16, then how many more there were. */
  static void suppressAll(Throwable primary, List<Throwable> losers, int more, long call) {
    if (losers.isEmpty() || !firstSeenIn(call, primary)) return;
    int added = primary.getSuppressed().length;
    int left = more;
    for (Throwable t : losers) {
      if (added >= MAX_SUPPRESSED) left++;
      else if (suppress(primary, t)) added++;
    }
    if (left > 0) primary.addSuppressed(new MoreFailures(left));
  }

  /** Adds one, if the primary was not seen before this call. */
  static void suppress(Throwable primary, Throwable loser, long call) {
    if (firstSeenIn(call, primary)) {
      boolean unused = suppress(primary, loser);
    }
  }

  /** Adds one, unless that would make a cycle or say the same twice. */
  static boolean suppress(Throwable primary, Throwable loser) {
    if (reaches(loser, primary) || reaches(primary, loser)) return false;
    primary.addSuppressed(loser);
    return true;
  }

  /**
   * Whether one leads to the other by causes and suppressed ones. Iterative, and bounded: chains
   * can be long, and getCause can be anybody's code; in doubt the answer is yes, and nothing is
   * added.
   */
  private static boolean reaches(Throwable from, Throwable to) {
    try {
      Set<Throwable> visited = Collections.newSetFromMap(new IdentityHashMap<>());
      var open = new ArrayDeque<Throwable>();
      open.add(from);
      for (Throwable t = open.poll(); t != null; t = open.poll()) {
        if (t == to || visited.size() > MAX_VISITED) return true;
        if (!visited.add(t)) continue;
        if (t.getCause() != null) open.add(t.getCause());
        Collections.addAll(open, t.getSuppressed());
      }
      return false;
    } catch (RuntimeException e) {
      return true;
    }
  }

  /** Whether it is how a blocking call says that it was interrupted. */
  static boolean isInterrupt(Throwable t) {
    Throwable e = t;
    // Drivers and clients wrap it.
    for (int depth = 0; e != null && depth < 8; depth++) {
      if (saysInterrupt(e)) return true;
      try {
        e = e.getCause();
      } catch (RuntimeException evil) {
        return false;
      }
    }
    return false;
  }

  private static boolean saysInterrupt(Throwable t) {
    // A read that took too long is also an InterruptedIOException, but nobody interrupted it.
    if (t instanceof SocketTimeoutException) return false;
    return t instanceof InterruptedException
        || t instanceof ClosedByInterruptException
        || t instanceof InterruptedIOException
        || t instanceof SocketException s && "Closed by interrupt".equals(s.getMessage())
        || t instanceof CancelledException;
  }

  @SuppressWarnings("unchecked")
  static <X extends Throwable> X sneaky(Throwable t) throws X {
    throw (X) t;
  }

  /** Stands for the failures past the sixteenth. */
  static final class MoreFailures extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MoreFailures(int count) {
      super("and " + count + " more failures", null, false, false);
    }
  }
}
