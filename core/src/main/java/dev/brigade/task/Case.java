package dev.brigade.task;

import dev.brigade.observe.Finding;
import dev.brigade.observe.Finding.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a look has found out, and how it is told. */
final class Case {
  private final Kind kind;
  private final Frame of;
  private final Streak streak;
  private final @Nullable Thread thread;
  private final @Nullable Object detail;
  private int others;

  Case(Kind kind, Frame of, Streak streak, @Nullable Thread thread, @Nullable Object detail) {
    this.kind = kind;
    this.of = of;
    this.streak = streak;
    this.thread = thread;
    this.detail = detail;
  }

  /** There is one more like it. */
  void more() {
    others++;
  }

  /** With its stack as it is now, or, of a hog, as it was while it computed. */
  Finding finding() {
    TaskNode<?> task = of instanceof TaskNode<?> n ? n : null;
    List<StackTraceElement> frames = kind == Kind.HOG ? streak.frames() : stack(thread);
    StackTraceElement where = Stacks.users(kind == Kind.HOG ? streak.commonFrames() : frames);
    String site =
        task != null
            ? task.site()
            : of instanceof TaskScope s && s.formOrNull() instanceof Completions<?, ?> form
                ? form.site()
                : null;
    return new Finding(
        kind,
        task != null ? task.name() : ((TaskScope) of).name(),
        site,
        thread == null ? null : Events.threadName(thread),
        Duration.ofNanos(streak.nanos()),
        others,
        frames,
        where,
        message(frames));
  }

  private static List<StackTraceElement> stack(@Nullable Thread t) {
    return t == null ? List.of() : Stacks.of(t);
  }

  private String message(List<StackTraceElement> frames) {
    String time = Durations.text(streak.nanos() / 1_000_000 * 1_000_000);
    return switch (kind) {
      case HOG ->
          "has kept a carrier thread for "
              + time
              + " without a wait"
              + Carriers.queue()
              + ": if it computes, move it to Engine.cores()";
      case PINNED ->
          "has waited for "
              + time
              + " without leaving its carrier thread, "
              + Stacks.pinnedBy(frames)
              + ": wait outside of it, or move the task to Engine.openThreads(n)";
      case SLOW_TO_END -> slowMessage(time);
      case FORGOTTEN ->
          "has waited for "
              + time
              + " for "
              + Events.text(Objects.requireNonNull(detail))
              + ": see that it comes, set a deadline with within, or make the task a daemon";
      case DEADLOCK ->
          "waits for itself by way of others, for "
              + time
              + ": "
              + detail
              + ": none of them can go on; don't wait for tasks while holding what they need"
              + ", nor for a task that waits for this one";
      case UNCLOSED ->
          (thread != null && !thread.isAlive()
                  ? "was left open by a thread that has ended"
                  : "has had nothing to do for " + time + " and is still open")
              + ": open it in try-with-resources, or inside a scope or task, which closes it";
    };
  }

  private String slowMessage(String time) {
    String why = detail instanceof Claim claim ? claim.reason.message() : "";
    boolean computes = thread != null && thread.getState() == Thread.State.RUNNABLE;
    String advice =
        computes
            ? "call Tasks.checkCancelled() in its loop"
            : "let its wait end by the interrupt, close what it waits for by Tasks.token().onCancel";
    return "has not ended "
        + time
        + " after its cancellation ("
        + why
        + "): "
        + advice
        + ", or give it up with abandonAfter";
  }
}
