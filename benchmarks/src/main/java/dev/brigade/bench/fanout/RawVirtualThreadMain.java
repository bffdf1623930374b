package dev.brigade.bench.fanout;

/** {@code Thread.startVirtualThread} for each task, then {@code join}. */
final class RawVirtualThreadMain {
  private RawVirtualThreadMain() {}

  public static void main(String[] args) throws Exception {
    int tasks = Integer.parseInt(args[0]);
    int millis = Integer.parseInt(args[1]);
    var results = new Integer[tasks];
    var threads = new Thread[tasks];
    for (int i = 0; i < tasks; i++) {
      int task = i;
      threads[i] =
          Thread.startVirtualThread(() -> {
            try {
              Thread.sleep(millis);
              results[task] = task;
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          });
    }
    int done = 0;
    for (int i = 0; i < tasks; i++) {
      threads[i].join();
      if (results[i] == i) done++;
    }
    PeakMemory.report(done, tasks);
  }
}
