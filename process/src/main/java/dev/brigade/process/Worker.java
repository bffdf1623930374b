package dev.brigade.process;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The worker process that the current task runs in: what a task may ask and say there.
 *
 * {@snippet :
 * Text text = Worker.state(Model.class).read(pdf); // what the initialiser made
 * Worker.progress(0.5, "half of the pages");
 * }
 */
public final class Worker {
  private static volatile boolean inWorker;
  private static volatile @Nullable Object state;

  private Worker() {}

  /** Whether this process is a worker. */
  public static boolean isWorker() {
    return inWorker;
  }

  /**
   * What the initialiser of this worker returned.
   *
   * @param <S> its type
   * @throws IllegalStateException if this is no worker, or there was no initialiser, or it made
   *     something else
   */
  public static <S> S state(Class<S> type) {
    Object made = state;
    if (!inWorker)
      throw new IllegalStateException(
          "this process is no worker: a worker's state is there in tasks that run on a ProcessPool");
    if (made == null)
      throw new IllegalStateException(
          "this worker has no state: give its options an initialiser that returns one");
    if (!type.isInstance(made))
      throw new IllegalStateException(
          "this worker's state is a " + made.getClass().getName() + ", not a " + type.getName());
    return type.cast(made);
  }

  /**
   * Tells the submitter how far the current task is; outside a task it does nothing. Cheap to call
   * often: within 10 ms of one that was sent no other is, but for the end, 1.
   *
   * @param fraction 0 to 1; less is taken for 0, more for 1, and what is no number for 0
   * @param note a short text, cut after 1,000 characters
   */
  public static void progress(double fraction, String note) {
    Objects.requireNonNull(note, "note");
    WorkerLane lane = WorkerLane.current();
    if (lane != null) lane.progress(fraction > 0 ? Math.min(1, fraction) : 0, note);
  }

  /** Before any class of the user's is loaded, which might ask. */
  static void enter() {
    inWorker = true;
  }

  static void become(@Nullable Object made) {
    state = made;
  }
}
