package dev.brigade.task;

import org.jspecify.annotations.Nullable;

/**
 * What a scope that did not simply finish throws, if anything. The claim decided it: the first of a
 * task's failure, the body's, a cancellation, a deadline. What came later can only change it where
 * it is an {@link Error}, which is never swallowed, or where the work was finished all the same,
 * which is then a value.
 *
 * @param mode what the failure of a task means
 * @param claim who was first; null if the scope finished, but its owner was interrupted
 * @param thrown what the body threw, if it threw
 * @param cut whether some of the work was not done
 * @param error an Error among the later failures
 */
record Verdict(
    TaskScope.Mode mode,
    @Nullable Claim claim,
    @Nullable Throwable thrown,
    boolean cut,
    @Nullable Error error) {

  @Nullable Throwable primary() {
    if (claim == null) return interruption("interrupted");
    return switch (claim.reason.kind()) {
      case BODY_FAILED -> thrown;
      case SIBLING_FAILED -> claim.reason.cause() == null ? thrown : failure(claim.reason.cause());
      case DECIDED -> thrown instanceof Error ? thrown : null;
      case REQUESTED, DEADLINE, SCOPE_ENDED -> cancellation(claim);
      case OUTER, INTERRUPTED -> interruption("cancelled: " + claim.reason.message());
    };
  }

  private Throwable failure(Throwable task) {
    if (thrown instanceof Error && thrown != task) return thrown;
    if (mode != TaskScope.Mode.OPEN) return task;
    if (thrown instanceof TaskFailedException t && t.getCause() == task) return t;
    return new TaskFailedException(claim == null ? "a task" : claim.reason.message(), task);
  }

  private @Nullable Throwable cancellation(Claim claimed) {
    if (thrown instanceof Error) return thrown;
    if (error != null) return wrapped(error);
    if (thrown == null && (claimed.self || !cut)) return null;
    return new CancelledException(claimed.reason);
  }

  private @Nullable Throwable interruption(String message) {
    if (thrown instanceof Error) return thrown;
    if (error != null) return wrapped(error);
    if (thrown != null) return thrown;
    return cut ? new InterruptedException(message) : null;
  }

  private Throwable wrapped(Error e) {
    return mode == TaskScope.Mode.OPEN ? new TaskFailedException("a task", e) : e;
  }
}
