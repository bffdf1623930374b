package dev.brigade.task;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * How many tasks of a scope have not ended. Two counters, since different threads write them: forks
 * are counted by the scope's body as a rule, ends by the tasks. The ends stand on a cache line of
 * their own, so that a task which ends does not take the line away that the forking thread writes.
 *
 * <p>Invariants: both only grow, and wrap together, so equality is exact. Once the owner has
 * stopped forking, ups >= downs (while it forks, a task may be cancelled and counted down before it
 * has been counted up), and whoever counts up is counted itself, so zero stays zero. A reader reads
 * downs first: if ups is then the same, the count was zero at that moment.
 */
final class Count extends CountAfter {
  private static final AtomicIntegerFieldUpdater<CountUps> UPS =
      AtomicIntegerFieldUpdater.newUpdater(CountUps.class, "ups");
  private static final AtomicIntegerFieldUpdater<CountDowns> DOWNS =
      AtomicIntegerFieldUpdater.newUpdater(CountDowns.class, "downs");

  void up() {
    UPS.getAndIncrement(this);
  }

  void down() {
    DOWNS.getAndIncrement(this);
  }

  boolean isZero() {
    int d = downs;
    return d == ups;
  }

  /** How many were ever counted up, modulo 2^32. */
  int ever() {
    return ups;
  }

  int now() {
    int d = downs;
    return ups - d;
  }
}

abstract class CountUps {
  volatile int ups;
}

/** Room between the two. */
@SuppressWarnings("UnusedVariable")
abstract class CountBetween extends CountUps {
  private long b1, b2, b3, b4, b5, b6, b7;
}

abstract class CountDowns extends CountBetween {
  volatile int downs;
}

/** Room behind, against whatever is allocated next. */
@SuppressWarnings("UnusedVariable")
abstract class CountAfter extends CountDowns {
  private long a1, a2, a3, a4, a5, a6, a7;
}
