package dev.brigade.report;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one task or item: when it was what. Times are nanoseconds since the first event.
 */
final class Activity {
  static final long NEVER = -1;
  private static final int MARKS = 8;

  /** How it ended, and how that is drawn. */
  enum Ending {
    SUCCESS("succeeded"),
    FAILED("failed"),
    CANCELLED("cancelled"),
    /** It had not ended when the recording did. */
    OPEN("still running");

    final String words;

    Ending(String words) {
      this.words = words;
    }
  }

  /** A time during which its thread waited in one of the library's primitives. */
  record Wait(long from, long to, String what) {}

  /** Something that happened to it at one moment. */
  record Mark(long at, String what) {}

  final long number;
  final long parent;
  final boolean item;
  final String name;
  final String engine;
  String thread = "";
  long forked = NEVER;
  long started = NEVER;
  long ended = NEVER;
  Ending ending = Ending.OPEN;
  @Nullable String why;
  @Nullable Activity worker;
  final List<Wait> waits = new ArrayList<>(0);
  final List<Mark> marks = new ArrayList<>(0);

  /** How long it had a scope of its own open, in which others worked. */
  long nested;

  // While the events are read.
  long waitingSince = NEVER;
  String waitingFor = "";

  Activity(long number, long parent, boolean item, String name, String engine) {
    this.number = number;
    this.parent = parent;
    this.item = item;
    this.name = name;
    this.engine = engine;
  }

  boolean ran() {
    return started != NEVER;
  }

  /** Where it is first drawn. */
  long begin() {
    return forked != NEVER ? forked : started;
  }

  long length() {
    return ended - started;
  }

  long waited() {
    long sum = 0;
    for (Wait w : waits) sum += w.to - w.from;
    return sum;
  }

  /** Of what happens again and again, the first few times are enough to see. */
  void mark(long at, String what) {
    if (marks.size() < MARKS) marks.add(new Mark(at, what));
  }

  void resumed(long at) {
    if (waitingSince != NEVER)
      waits.add(new Wait(waitingSince, Math.max(at, waitingSince), waitingFor));
    waitingSince = NEVER;
  }
}
