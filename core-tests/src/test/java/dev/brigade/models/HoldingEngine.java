package dev.brigade.models;

import dev.brigade.engine.Engine;
import dev.brigade.engine.Job;
import dev.brigade.engine.Traits;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs nothing by itself: keeps what was launched last, for a thread of the model to run. */
public final class HoldingEngine extends AbstractExecutorService implements Engine {
  private static final Traits TRAITS =
      new Traits("model", 8, true, false, false, true, Traits.Delivery.AT_MOST_ONCE, false);

  private volatile @Nullable Job held;

  /** What was launched last. */
  public Job held() {
    return Objects.requireNonNull(held);
  }

  @Override
  public Traits traits() {
    return TRAITS;
  }

  @Override
  public void launch(Job job) {
    held = job;
  }

  @Override
  public void execute(Runnable command) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void shutdown() {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Runnable> shutdownNow() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public boolean isTerminated() {
    return false;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return false;
  }
}
