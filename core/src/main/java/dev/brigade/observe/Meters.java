package dev.brigade.observe;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What in this JVM can be read, kept weakly: what is no longer in use drops out by itself. Shown by
 * {@code Tasks.snapshot()}.
 */
public final class Meters {
  private static final Object LOCK = new Object();
  private static final List<WeakReference<Metered>> ALL = new ArrayList<>();

  private Meters() {}

  /** Adds one; adding it again has no effect. */
  public static void add(Metered metered) {
    Objects.requireNonNull(metered, "metered");
    synchronized (LOCK) {
      ALL.removeIf(w -> w.get() == null || w.get() == metered);
      ALL.add(new WeakReference<>(metered));
    }
  }

  /** The readings of all, in the order in which they were added. */
  public static List<Reading> readings() {
    List<Metered> live = new ArrayList<>();
    synchronized (LOCK) {
      for (WeakReference<Metered> w : ALL) {
        Metered m = w.get();
        if (m != null) live.add(m);
      }
    }
    List<Reading> readings = new ArrayList<>();
    for (Metered m : live) readings.add(reading(m));
    return readings;
  }

  /** Anybody's code, whose failure must not take the others' figures away. */
  private static Reading reading(Metered m) {
    try {
      return m.reading();
    } catch (RuntimeException e) {
      return new Reading("unreadable", m.getClass().getName(), Map.of("failure", e.toString()));
    }
  }
}
