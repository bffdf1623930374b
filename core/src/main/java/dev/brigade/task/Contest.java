package dev.brigade.task;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ends when enough branches have succeeded (any: 1, quorum: k) or, in a race, when the first has
 * ended at all. Guarded by its monitor; scope calls are made outside it.
 *
 * <p>A decision interrupts the branches but not the caller, who is told by those that end: at any
 * moment the only interrupt that he can have is somebody else's, which must not be lost.
 */
final class Contest<A, R> extends Rule<A, R> {
  private final String shape;
  private final int needed;
  private final boolean race;
  private final List<@Nullable R> winners = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();
  private int branches;
  private boolean over;

  Contest(String shape, int needed, boolean race) {
    this.shape = shape;
    this.needed = needed;
    this.race = race;
  }

  @Override
  boolean needsSize() {
    return true;
  }

  /** Branches race each other. */
  @Override
  boolean allowsBatches() {
    return false;
  }

  @Override
  void size(int items) {
    if (items < needed)
      throw new IllegalArgumentException(
          shape + " needs at least " + needed + " branches, but got " + items);
    branches = items;
  }

  @Override
  void success(int index, @Nullable R value, TaskScope scope) {
    synchronized (this) {
      if (over) return;
      winners.add(value);
      if (winners.size() < needed) return;
      over = true;
    }
    scope.tryClaimQuietly(decided("enough other branches had ended"), true);
  }

  @Override
  boolean failure(int index, Throwable thrown, TaskScope scope) {
    synchronized (this) {
      if (over) return false;
      failures.add(thrown);
      if (!race && branches - failures.size() >= needed) return false;
      over = true;
    }
    scope.tryClaimQuietly(decided("another branch had decided"), true);
    return false;
  }

  synchronized boolean won() {
    return winners.size() >= needed;
  }

  synchronized List<R> winners() {
    return java.util.Collections.unmodifiableList(new ArrayList<>(winners));
  }

  /** The failure that decided: the first one, with the others suppressed. */
  synchronized @Nullable Throwable failure(long call) {
    if (failures.isEmpty()) return null;
    Throwable first = failures.getFirst();
    Failures.suppressAll(first, failures.subList(1, failures.size()), 0, call);
    return first;
  }
}
