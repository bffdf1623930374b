package dev.brigade.task;

import dev.brigade.observe.Observers;
import dev.brigade.observe.TaskEvent;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Totals of this JVM, and the events that go with them. */
final class Stats {
  static final LongAdder OVERRUNS = new LongAdder();
  static final LongAdder ABANDONED = new LongAdder();
  static final LongAdder UNOBSERVED = new LongAdder();

  private Stats() {}

  static void overran(Frame frame, Claim claim) {
    OVERRUNS.increment();
    if (!Observers.present()) return;
    long late = frame.timeSource().nanoTime() - claim.atNanos;
    String detail = claim.reason.message() + "; returned " + Durations.text(late) + " later";
    TaskNode<?> task = Events.enclosing(frame);
    Events.emit(TaskEvent.Kind.OVERRAN, task, frame.timeSource(), detail, null);
  }

  static void unobserved(TaskNode<?> task, @Nullable Throwable failure, String site) {
    UNOBSERVED.increment();
    System.getLogger("dev.brigade")
        .log(
            System.Logger.Level.WARNING,
            "nobody looked at the failure of task " + task.name() + ", forked in " + site,
            failure);
    Events.emit(TaskEvent.Kind.UNOBSERVED, task, task.scope.time, site, failure);
  }

  static void moreUnobserved(int more) {
    UNOBSERVED.add(more);
    System.getLogger("dev.brigade")
        .log(System.Logger.Level.WARNING, "and " + more + " more failed tasks of the same scope");
  }

  /** A failure beside a result that counts all the same. */
  static void lost(TaskScope scope, Throwable failure) {
    UNOBSERVED.increment();
    System.getLogger("dev.brigade")
        .log(System.Logger.Level.WARNING, "a failure beside the result of " + scope, failure);
  }
}
