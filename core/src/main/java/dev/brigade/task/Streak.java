package dev.brigade.task;

import dev.brigade.observe.Finding;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * That one thing has been in one state at every look, and for how long. The time between two looks
 * counts at most half of what is asked for, so that it takes three looks at least, and a machine
 * that stood still meanwhile has proved nothing.
 */
final class Streak {
  private final Object evidence;
  private int round;
  private long lastNanos;
  private long nanos;
  private boolean reported;

  // Of a hog: its stacks, as far as they were taken.
  private List<StackTraceElement> frames = List.of();
  private int common;
  private int stacks;
  private int nativeStacks;

  private Streak(Object evidence) {
    this.evidence = evidence;
  }

  /** Nobody else's equals is called. */
  private boolean isOf(Object other) {
    if (other instanceof Place p && evidence instanceof Place q)
      return p.line == q.line && p.served == q.served;
    return evidence == other || other instanceof Integer i && i.equals(evidence);
  }

  /** How far a line has come. */
  record Place(Object line, long served) {}

  /** For how long, at least. */
  long nanos() {
    return nanos;
  }

  /** Takes the report for the caller; false if it was taken before. */
  boolean tryReport() {
    if (reported) return false;
    reported = true;
    return true;
  }

  boolean isReported() {
    return reported;
  }

  /** Keeps a stack of it at work, and what all of them have in common, counted from outside. */
  void addStack(List<StackTraceElement> now) {
    int same = 0;
    int most = stacks == 0 ? now.size() : Math.min(common, now.size());
    while (same < most && (stacks == 0 || sameMethod(now, frames, same))) same++;
    common = same;
    frames = now;
    stacks++;
    if (!now.isEmpty() && now.getFirst().isNativeMethod()) nativeStacks++;
  }

  private static boolean sameMethod(
      List<StackTraceElement> a, List<StackTraceElement> b, int fromOutside) {
    StackTraceElement x = a.get(a.size() - 1 - fromOutside);
    StackTraceElement y = b.get(b.size() - 1 - fromOutside);
    return x.getMethodName().equals(y.getMethodName()) && x.getClassName().equals(y.getClassName());
  }

  List<StackTraceElement> frames() {
    return frames;
  }

  /** The frames of the last stack that were there in all of them, the innermost first. */
  List<StackTraceElement> commonFrames() {
    return frames.subList(frames.size() - common, frames.size());
  }

  /** Whether it was mostly seen at Java code of its own, and not in a call into the system. */
  boolean computes() {
    return stacks >= 2 && 2 * nativeStacks < stacks;
  }

  /** The streaks that last, by state and thing. Used by one thread at a time. */
  static final class Table {
    private final Map<Key, Streak> all = new LinkedHashMap<>();
    private int round;
    private long now;

    private record Key(Finding.Kind kind, Frame of) {}

    void beginRound(long nowNanos) {
      round++;
      now = nowNanos;
    }

    /**
     * It is so at this look too.
     *
     * @param evidence if this is another object than before, the streak begins anew
     * @param neededNanos for how long it must be so to count
     */
    Streak seen(Finding.Kind kind, Frame of, Object evidence, long neededNanos) {
      var key = new Key(kind, of);
      Streak s = all.get(key);
      if (s == null || !s.isOf(evidence)) {
        s = new Streak(evidence);
        all.put(key, s);
      } else if (s.round != round) {
        long passed = Math.clamp(now - s.lastNanos, 0, Math.max(1, neededNanos / 2));
        s.nanos += passed;
      }
      s.round = round;
      s.lastNanos = now;
      return s;
    }

    @Nullable Streak lasting(Finding.Kind kind, Frame of) {
      return all.isEmpty() ? null : all.get(new Key(kind, of));
    }

    /** Whatever was not seen in this round is over. */
    void endRound() {
      for (Iterator<Streak> i = all.values().iterator(); i.hasNext(); )
        if (i.next().round != round) i.remove();
    }

    int size() {
      return all.size();
    }
  }
}
