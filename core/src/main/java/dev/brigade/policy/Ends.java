package dev.brigade.policy;

import dev.brigade.task.CancelledException;
import dev.brigade.task.TaskFailedException;
import dev.brigade.task.Tasks;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** Which ends of work are failures of the work, and which come from outside. */
final class Ends {
  private Ends() {}

  /**
   * The failure as the work's own, or null if it is to pass: an {@link Error}, an interrupt, or
   * something that was cancelled on purpose. A scope's own exception is looked through.
   */
  static @Nullable Exception failure(Throwable thrown) {
    Throwable t = thrown;
    while (t instanceof TaskFailedException && t.getCause() != null) t = t.getCause();
    return switch (t) {
      case InterruptedException _ -> null;
      case ClosedByInterruptException _ -> null;
      case CancelledException _ -> null;
      case CancellationException _ -> null;
      case Exception e -> e;
      default -> null;
    };
  }

  /**
   * A refusal says nothing about the work, and repeating it at once would only be refused again.
   */
  static boolean isRepeatable(Exception failure) {
    return !(failure instanceof RefusedException)
        && !(failure instanceof RetryAfterTooLongException);
  }

  /**
   * Whether the thread was interrupted and its flag still says so: the failure is then a reply to
   * that.
   *
   * @throws InterruptedException if the thread is being cancelled although its flag does not say so
   */
  static boolean isToldToStop() throws InterruptedException {
    if (Thread.currentThread().isInterrupted()) return true;
    Tasks.checkCancelled();
    return false;
  }
}
