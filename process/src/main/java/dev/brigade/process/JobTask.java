package dev.brigade.process;

import dev.brigade.engine.Job;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A task of a scope. */
final class JobTask extends PoolTask {
  private final Job job;
  private final Consumer<PoolTask> cancel;
  private boolean begun;

  /** It has been told already that it is over. */
  private boolean refused;

  JobTask(TaskRules rules, int kind, Parcel parcel, Job job, Consumer<PoolTask> cancel) {
    super(rules, kind, parcel);
    this.job = job;
    this.cancel = cancel;
  }

  @Override
  boolean begin() {
    if (begun) return !cancelRequested();
    if (!job.tryStart()) {
      refused = true;
      return false;
    }
    begun = true;
    job.onCancel(reason -> cancel.accept(this));
    return true;
  }

  @Override
  @SuppressWarnings("NullAway") // null is a legal result
  boolean returned(@Nullable Object value) {
    job.succeed(value);
    return true;
  }

  @Override
  void failed(Throwable failure) {
    job.fail(failure);
  }

  @Override
  void dropped() {
    if (!refused) failed(new InterruptedException("cancelled before it began"));
  }

  @Override
  Runnable asRunnable() {
    return job;
  }
}
