package dev.brigade.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * An engine of everybody's: shutting it down or closing it does nothing, as with the common pool.
 */
class SharedEngine extends AbstractExecutorService implements Engine {
  private final Engine engine;

  SharedEngine(Engine engine) {
    this.engine = engine;
  }

  @Override
  public Traits traits() {
    return engine.traits();
  }

  @Override
  public void launch(Job job) {
    engine.launch(job);
  }

  @Override
  public void execute(Runnable command) {
    engine.execute(Objects.requireNonNull(command, "command"));
  }

  @Override
  public void shutdown() {}

  @Override
  public List<Runnable> shutdownNow() {
    return new ArrayList<>();
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public boolean isTerminated() {
    return false;
  }

  /** Waits out the time: a shared engine never ends. */
  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    unit.sleep(timeout);
    return false;
  }

  @Override
  public void close() {}

  @Override
  public String toString() {
    return "shared " + engine;
  }
}
