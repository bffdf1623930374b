package dev.brigade.bench.memory;

/** {@code Thread.startVirtualThread}; a ScopedValue is rebound by hand. */
public final class RawVirtualThread implements ParkedTasks {
  public RawVirtualThread() {}

  @Override
  public void hold(int tasks, boolean scopedValue, Runnable body, Runnable whileHeld)
      throws Exception {
    Runnable work = scopedValue ? () -> ScopedValue.where(KEY, "bound").run(body) : body;
    var threads = new Thread[tasks];
    for (int i = 0; i < tasks; i++) threads[i] = Thread.startVirtualThread(work);
    whileHeld.run();
    for (Thread thread : threads) thread.join();
  }
}
