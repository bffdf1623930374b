package dev.brigade.policy;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/*
 * Design. A doubly linked list, and beside it the weights in a binary indexed tree (Fenwick, "A new
 * data structure for cumulative frequency tables", Software: Practice and Experience 24(3), 1994),
 * at places that are given out in the order of joining. So what stands before a turn is known
 * in logarithmic time, whoever has left. When the places run out, those in the line get new ones.
 *
 * Invariant: sums[i] is the weight in the line at the places from i - lowbit(i) up to i, counted
 * from 1.
 */
/** Turns in the order of joining, any of which may leave. Guarded by {@link Turns}. */
final class Line {
  private @Nullable Turn first;
  private @Nullable Turn last;
  private int size;
  private long weight;
  private int peak;
  private long[] sums = {};
  private int places;

  @Nullable Turn first() {
    return first;
  }

  int size() {
    return size;
  }

  /** Of all. */
  long weight() {
    return weight;
  }

  /** The most there ever were. */
  int peak() {
    return peak;
  }

  void append(Turn turn) {
    if (places + 1 >= sums.length) renumber();
    turn.previous = last;
    if (last == null) first = turn;
    else last.next = turn;
    last = turn;
    size++;
    weight += turn.weight;
    peak = Math.max(peak, size);
    place(turn);
  }

  void remove(Turn turn) {
    if (turn.previous == null) first = turn.next;
    else turn.previous.next = turn.next;
    if (turn.next == null) last = turn.previous;
    else turn.next.previous = turn.previous;
    turn.previous = null;
    turn.next = null;
    size--;
    weight -= turn.weight;
    add(turn.place, -turn.weight);
    // An empty line begins anew: its sums are all zero.
    if (size == 0) places = 0;
  }

  /** The weight of a turn in the line and of all before it. */
  long weightUpTo(Turn turn) {
    long sum = 0;
    for (int i = turn.place; i > 0; i &= i - 1) sum += sums[i];
    return sum;
  }

  private void place(Turn turn) {
    turn.place = ++places;
    add(turn.place, turn.weight);
  }

  private void add(int place, int by) {
    for (int i = place; i < sums.length; i += i & -i) sums[i] += by;
  }

  /** Room for as many again, so that this happens once for each as many that join. */
  private void renumber() {
    int needed = 2 * (size + 8);
    if (sums.length < needed || sums.length / 8 > needed) sums = new long[needed];
    else Arrays.fill(sums, 0);
    places = 0;
    for (Turn t = first; t != null; t = t.next) place(t);
  }
}
