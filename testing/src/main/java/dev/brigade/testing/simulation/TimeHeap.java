package dev.brigade.testing.simulation;

import java.util.Arrays;

/** Times, least first, each with a number; a binary heap without boxes. */
final class TimeHeap {
  private long[] times = new long[64];
  private int[] numbers = new int[64];
  private int size;

  int size() {
    return size;
  }

  /** The least time; the heap must not be empty. */
  long least() {
    return times[0];
  }

  void add(long time, int number) {
    if (size == times.length) {
      times = Arrays.copyOf(times, size * 2);
      numbers = Arrays.copyOf(numbers, size * 2);
    }
    int i = size++;
    while (i > 0) {
      int parent = (i - 1) >>> 1;
      if (times[parent] <= time) break;
      times[i] = times[parent];
      numbers[i] = numbers[parent];
      i = parent;
    }
    times[i] = time;
    numbers[i] = number;
  }

  /** Takes the entry with the least time and returns its number. */
  int poll() {
    int result = numbers[0];
    long time = times[--size];
    int number = numbers[size];
    int i = 0;
    for (int child = 1; child < size; child = 2 * i + 1) {
      if (child + 1 < size && times[child + 1] < times[child]) child++;
      if (time <= times[child]) break;
      times[i] = times[child];
      numbers[i] = numbers[child];
      i = child;
    }
    times[i] = time;
    numbers[i] = number;
    return result;
  }

  /** Takes out all times up to this one. */
  void forget(long upTo) {
    while (size > 0 && times[0] <= upTo) poll();
  }
}
