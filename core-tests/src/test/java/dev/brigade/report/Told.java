package dev.brigade.report;

import dev.brigade.observe.PolicyEvent;
import dev.brigade.observe.TaskEvent;
import dev.brigade.observe.TaskEvent.Kind;

/** Tells a recording events that are made up, at times that are given. */
final class Told {
  static final long SCOPE = 1;
  final Recording recording;
  final long origin;

  Told(int max) {
    this(max, 1_000);
  }

  Told(int max, long origin) {
    this.recording = Recording.ofAll(max);
    this.origin = origin;
    scope(Kind.OPENED, 0);
  }

  Told scope(Kind kind, long at) {
    return event(kind, at, SCOPE, 0, "fan-out", "main", null, null);
  }

  /** A task that is forked, starts and ends, on a thread. */
  Told task(long number, String name, String thread, long forked, long started, long ended) {
    event(Kind.FORKED, forked, number, SCOPE, name, "main", null, null);
    event(Kind.STARTED, started, number, SCOPE, name, thread, null, null);
    return event(Kind.ENDED, ended, number, SCOPE, name, thread, "success", null);
  }

  /** An item of the fan-out; it has no task of its own. */
  Told item(long number, String thread, long started, long ended, Throwable failure) {
    String name = "item " + number;
    event(Kind.STARTED, started, number, SCOPE, name, thread, null, null);
    String outcome = failure == null ? "success" : "failed";
    return event(Kind.ENDED, ended, number, SCOPE, name, thread, outcome, failure);
  }

  Told event(
      Kind kind,
      long at,
      long task,
      long parent,
      String name,
      String thread,
      String detail,
      Throwable failure) {
    recording.onEvent(
        new TaskEvent(
            kind, origin + at, task, parent, name, "virtual", thread, null, detail, failure));
    return this;
  }

  /** A retry on a thread. */
  Told policy(long at, String thread, String detail) {
    recording.onPolicy(
        new PolicyEvent(PolicyEvent.Kind.RETRYING, origin + at, "retry(3)", thread, detail, null));
    return this;
  }

  Drawn drawn() throws Exception {
    return Drawn.of(Page.titled("Told").recording(recording).html());
  }
}
