package dev.brigade.policy;

import dev.brigade.testing.simulation.Pacer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The bare algorithm in a simulated batch; remembers where it went. */
final class ClimbPacer implements Pacer {
  final Climb climb;

  /** Each place where it stayed, in the order in which it went there. */
  final List<Integer> stays = new ArrayList<>();

  ClimbPacer(Climb climb) {
    this.climb = climb;
  }

  @Override
  public int limit() {
    return climb.limit();
  }

  @Override
  public Object started(long nowNanos, int inFlight) {
    return climb.started(nowNanos);
  }

  @Override
  public void ended(@Nullable Object started, long nowNanos, boolean good) {
    var flight = (Climb.Flight) Objects.requireNonNull(started);
    climb.ended(flight, nowNanos, good ? Climb.Ending.GOOD : Climb.Ending.OVERLOADED);
    int target = (int) climb.target();
    if (stays.isEmpty() || stays.getLast() != target) stays.add(target);
  }
}
