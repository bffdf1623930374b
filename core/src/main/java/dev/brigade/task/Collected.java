package dev.brigade.task;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Results by index. With a known size each slot is written once and needs no lock. */
abstract class Collected<A, R, E> extends Rule<A, R> {
  private @Nullable Object[] slots = {};
  private int size = -1;
  private int used;

  @Override
  void size(int items) {
    size = items;
    slots = new Object[Math.max(items, 16)];
  }

  final void put(int index, @Nullable Object element) {
    if (size >= 0) slots[index] = element;
    else grow(index, element);
  }

  private synchronized void grow(int index, @Nullable Object element) {
    if (index >= slots.length) slots = Arrays.copyOf(slots, Math.max(index + 1, slots.length * 2));
    slots[index] = element;
    used = Math.max(used, index + 1);
  }

  final @Nullable Object get(int index) {
    return slots[index];
  }

  @SuppressWarnings("unchecked")
  final List<E> list() {
    int n = size >= 0 ? size : used;
    Object[] exact = slots.length == n ? slots : Arrays.copyOf(slots, n);
    return (List<E>) Collections.unmodifiableList(Arrays.asList(exact));
  }

  /** Every item must succeed. */
  static final class All<A, R> extends Collected<A, R, R> {
    @Override
    void success(int index, @Nullable R value, TaskScope scope) {
      put(index, value);
    }
  }

  /** Nothing is kept but failures. */
  static final class None<A, R> extends Rule<A, R> {
    @Override
    void success(int index, @Nullable R value, TaskScope scope) {}
  }

  /** Failures are values. */
  static final class Settled<A, R> extends Collected<A, R, Outcome<R>> {
    @Override
    void success(int index, @Nullable R value, TaskScope scope) {
      put(index, new Outcome.Success<>(value));
    }

    @Override
    boolean failure(int index, Throwable thrown, TaskScope scope) {
      put(index, new Outcome.Failed<R>(thrown));
      return false;
    }

    @Override
    boolean stopsAtFailure() {
      return false;
    }
  }
}
