package dev.brigade.policy;

/**
 * What a closed breaker remembers of its calls. Under the breaker's monitor, but for {@link
 * #skips}, which comes first and spares the good call of a healthy service the monitor.
 */
abstract sealed class CallWindow permits LastCalls, LastSlices {

  /**
   * Takes in a good call without the monitor, if that is possible now.
   *
   * @return whether it is done
   */
  abstract boolean skips(long now);

  abstract void record(boolean failed, boolean slow, long now);

  /** Forgets what is too old; before the figures are read. */
  abstract void age(long now);

  abstract long calls();

  abstract long failures();

  abstract long slow();

  final double failureRate() {
    return rate(failures());
  }

  final double slowRate() {
    return rate(slow());
  }

  private double rate(long some) {
    long all = calls();
    return all == 0 ? 0 : (double) some / all;
  }

  /** How a breaker makes a new one: a number of calls, or else a time. */
  record Kind(int calls, long nanos) {
    static Kind ofCalls(int calls) {
      if (calls < 1 || calls > LastCalls.MOST)
        throw new IllegalArgumentException(
            "calls must be from 1 to " + LastCalls.MOST + ", but was " + calls);
      return new Kind(calls, 0);
    }

    boolean timed() {
      return calls == 0;
    }

    CallWindow open() {
      return timed() ? new LastSlices(nanos) : new LastCalls(calls);
    }

    @Override
    public String toString() {
      return timed()
          ? "the calls of " + Lengths.text(nanos)
          : calls == 1 ? "the last call" : "the last " + calls + " calls";
    }
  }
}
