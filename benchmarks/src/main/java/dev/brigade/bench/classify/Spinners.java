package dev.brigade.bench.classify;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Other processes that want the cores too: four for each core. */
final class Spinners implements AutoCloseable {
  private static final int FOR_EACH_CORE = 4;

  private final List<Process> processes = new ArrayList<>();

  static Spinners open(boolean busy) throws IOException, InterruptedException {
    var spinners = new Spinners();
    if (!busy) return spinners;
    // They end by themselves should this process be killed.
    String spin =
        "while kill -0 "
            + ProcessHandle.current().pid()
            + " 2>/dev/null; do i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; done";
    for (int i = FOR_EACH_CORE * Runtime.getRuntime().availableProcessors(); i > 0; i--)
      spinners.processes.add(new ProcessBuilder("/bin/sh", "-c", spin).start());
    // Until they spin.
    Thread.sleep(50);
    return spinners;
  }

  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
  }
}
