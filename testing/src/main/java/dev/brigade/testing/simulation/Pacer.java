package dev.brigade.testing.simulation;

import org.jspecify.annotations.Nullable;

/** What decides how many tasks of a {@link BatchRun} are in flight: the algorithm under test. */
public interface Pacer {
  /** How many may be in flight now; at least 1. */
  int limit();

  /**
   * A task is sent.
   *
   * @param inFlight with it
   * @return what {@link #ended} is to be told for it
   */
  @Nullable Object started(long nowNanos, int inFlight);

  /**
   * A task came back.
   *
   * @param started what {@link #started} returned for it
   * @param good false if the server rejected it, or its time was over
   */
  void ended(@Nullable Object started, long nowNanos, boolean good);

  /** The library's {@link dev.brigade.policy.AdaptiveLimit}, up to {@code most} in flight. */
  static Pacer adaptive(int most) {
    return new AdaptivePacer(most);
  }

  /** Always the same limit. */
  static Pacer fixed(int limit) {
    if (limit < 1) throw new IllegalArgumentException("limit must be at least 1, but was " + limit);
    return new Pacer() {
      @Override
      public int limit() {
        return limit;
      }

      @Override
      public @Nullable Object started(long nowNanos, int inFlight) {
        return null;
      }

      @Override
      public void ended(@Nullable Object started, long nowNanos, boolean good) {}
    };
  }
}
