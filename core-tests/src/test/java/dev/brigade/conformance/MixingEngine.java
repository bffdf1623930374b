package dev.brigade.conformance;

import dev.brigade.engine.Engine;
import dev.brigade.engine.EngineThread;
import dev.brigade.engine.Job;
import dev.brigade.engine.Traits;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Two threads that run whatever comes while the task on them waits. */
final class MixingEngine extends ForwardingEngine {
  private final LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();

  MixingEngine() {
    super(Engine.openVirtual());
    for (int i = 0; i < 2; i++) {
      var worker = new Worker();
      worker.setDaemon(true);
      worker.start();
    }
  }

  /** Never the same object, so that a waiting task does not run its own tasks either. */
  @Override
  public Traits traits() {
    return new Traits("mixing", 2, true, false, false, true, Traits.Delivery.AT_MOST_ONCE, false);
  }

  @Override
  public void launch(Job job) {
    queue.add(job);
  }

  private final class Worker extends Thread implements EngineThread {
    @Override
    public void run() {
      while (runNext()) {}
    }

    private boolean runNext() {
      try {
        Runnable next = queue.poll(1, TimeUnit.SECONDS);
        if (next != null) next.run();
        return next != null;
      } catch (InterruptedException e) {
        return false;
      }
    }

    @Override
    public Engine engine() {
      return MixingEngine.this;
    }

    @Override
    public void beforeBlocking() {
      // What the waiting task has forked itself is left to the other thread.
      while (!queue.isEmpty()) Thread.onSpinWait();
      while (runNext()) {}
    }

    @Override
    public void afterBlocking() {}
  }
}
