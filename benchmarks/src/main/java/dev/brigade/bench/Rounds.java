package dev.brigade.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Interleaves the sides of a case: every round takes one sample from each side, A B C, then C B A,
 * then A B C, so that whatever else the machine does, and whatever drifts, falls on all of them
 * alike.
 */
public final class Rounds {
  /** Fewer rounds than this give no median worth the name: the deadline waits for them. */
  static final int AT_LEAST = 3;

  /** Takes one sample: a value for each metric of the case. */
  public interface Sampler {
    double[] sample() throws Exception;
  }

  /** Hears what the rounds find. */
  public interface Listener {
    void sampled(String side, double[] values);

    /** The side cannot be measured; its earlier samples do not count. */
    void skipped(String side, String why);

    default void noted(String side, String note) {}

    /** The side is about to run: should it hang, this one did. */
    default void starting(String side) {}
  }

  private Rounds() {}

  /** Opens every contender; one that is missing is reported as skipped and left out. */
  public static <T> Map<String, T> open(List<Contender<T>> contenders, Listener listener) {
    Map<String, T> open = new LinkedHashMap<>();
    for (var contender : contenders) {
      listener.starting(contender.name());
      try {
        open.put(contender.name(), contender.opening().open());
      } catch (Exception | LinkageError | AssertionError e) {
        listener.skipped(contender.name(), MissingPeer.reason(e));
      }
    }
    return open;
  }

  /** Runs up to that many rounds, and stops early at the deadline ({@link System#nanoTime}). */
  public static void interleave(
      Map<String, ? extends Sampler> sides, int rounds, long deadlineNanos, Listener listener) {
    var order = new ArrayList<Map.Entry<String, ? extends Sampler>>(sides.entrySet());
    for (int round = 0; round < rounds; round++) {
      if (round >= AT_LEAST && System.nanoTime() - deadlineNanos >= 0) return;
      for (var side : List.copyOf(order)) {
        String name = side.getKey();
        listener.starting(name);
        try {
          listener.sampled(name, side.getValue().sample());
        } catch (Exception | LinkageError | AssertionError e) {
          listener.skipped(name, MissingPeer.reason(e));
          order.remove(side);
        }
      }
      Collections.reverse(order);
    }
  }
}
