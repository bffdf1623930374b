package dev.brigade.policy;

import dev.brigade.task.CancelledException;
import dev.brigade.task.TaskFailedException;
import dev.brigade.task.Tasks;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** Which ends of work are failures of the work, and which come from outside. */
final class Ends {
  private static final int DEEPEST_CAUSE = 8;

  private Ends() {}

  /**
   * The failure as the work's own, or null if it is to pass: an {@link Error}, an interrupt, or
   * something that was cancelled on purpose. A scope's own exception is looked through.
   */
  static @Nullable Exception failure(Throwable thrown) {
    Throwable t = thrown;
    while (t instanceof TaskFailedException && t.getCause() != null) t = t.getCause();
    return switch (t) {
      case CancelledException _ -> null;
      case CancellationException _ -> null;
      case Exception e when !isInterrupt(e) -> e;
      default -> null;
    };
  }

  /** Whether it says that a thread was interrupted; drivers and clients wrap that. */
  private static boolean isInterrupt(Exception e) {
    Throwable t = e;
    for (int depth = 0; t != null && depth < DEEPEST_CAUSE; depth++) {
      // Its subclasses are timeouts, such as a socket's.
      if (t.getClass() == InterruptedIOException.class) return true;
      if (t instanceof InterruptedException || t instanceof ClosedByInterruptException) return true;
      t = t.getCause();
    }
    return false;
  }

  /**
   * A refusal says nothing about the work, and repeating it at once would only be refused again.
   */
  static boolean isRepeatable(Exception failure) {
    return !(failure instanceof RefusedException)
        && !(failure instanceof RetryAfterTooLongException);
  }

  /**
   * Whether the thread is told to stop, by its interrupt flag or its token: the failure is then a
   * reply to that, and in any case nothing is to be begun any more.
   *
   * @throws InterruptedException if the thread is being cancelled although its flag does not say so
   */
  static boolean isToldToStop() throws InterruptedException {
    if (Thread.currentThread().isInterrupted()) return true;
    Tasks.checkCancelled();
    return Tasks.token().isCancelled();
  }
}
