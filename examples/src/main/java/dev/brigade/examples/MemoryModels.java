package dev.brigade.examples;

import dev.brigade.engine.Engine;
import dev.brigade.process.ProcessPool;
import dev.brigade.process.WorkerInfo;
import dev.brigade.task.Tasks;
import dev.brigade.task.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Shared and separate memory, and what a thread, a virtual thread and a process cost. */
final class MemoryModels {
  private static final int THREADS = 200;
  private static final int ROUNDS = 2_000;
  private static final AtomicInteger COUNTER = new AtomicInteger();

  private MemoryModels() {}

  static void main() throws Exception {
    Examples.runHere("memory-models");
  }

  private static int count() {
    return COUNTER.incrementAndGet();
  }

  static void show(Report report) throws Exception {
    COUNTER.set(0);
    for (int i = 0; i < 3; i++) Tasks.on(Engine.cores()).forEach(List.of(i), n -> count());
    report.equal("three tasks on threads count to, as seen here", 3, COUNTER.get());

    COUNTER.set(0);
    long opened = System.nanoTime();
    try (ProcessPool pool = ProcessPool.open(1)) {
      if (!pool.awaitReady(Duration.ofMinutes(1))) throw new IllegalStateException("no worker");
      long ready = System.nanoTime() - opened;
      Work<Integer, RuntimeException> count = MemoryModels::count;
      for (int i = 0; i < 3; i++) {
        Integer unused = pool.submit(count).get();
      }
      report.equal("three tasks on a process count to, as seen here", 0, COUNTER.get());
      report.equal("and as seen there", 4, pool.submit(count).get());

      report.draw("                    memory        start     round trip");
      row(
          report,
          "virtual thread",
          bytesEach(true),
          startNanos(true),
          trip(Engine.openVirtual(), count));
      row(
          report,
          "thread",
          bytesEach(false),
          startNanos(false),
          trip(Engine.openThreads(1), count));
      long resident = pool.workers().stream().mapToLong(WorkerInfo::residentBytes).max().orElse(0);
      row(report, "process", resident, ready, trip(pool, count));
    }
  }

  private static void row(Report report, String what, long bytes, long startNanos, long tripNanos) {
    report.draw(
        String.format(
            Locale.ROOT,
            "%-16s %8.1f KiB %9.3f ms %11.1f µs",
            what,
            bytes / 1024.0,
            startNanos / 1e6,
            tripNanos / 1e3));
  }

  /** The mean time from the submission of a small task to its result, one after the other. */
  private static long trip(Engine engine, Work<Integer, RuntimeException> work) throws Exception {
    long began = 0;
    for (int i = -ROUNDS; i < ROUNDS; i++) {
      if (i == 0) began = System.nanoTime();
      Integer unused = engine.submit(work).get();
    }
    long nanos = (System.nanoTime() - began) / ROUNDS;
    if (!(engine instanceof ProcessPool)) engine.close();
    return nanos;
  }

  /** How long it takes to start a thread, until it runs. */
  private static long startNanos(boolean virtual) throws InterruptedException {
    long began = 0;
    for (int i = -THREADS; i < THREADS; i++) {
      if (i == 0) began = System.nanoTime();
      thread(virtual, () -> {}).join();
    }
    return (System.nanoTime() - began) / THREADS;
  }

  private static Thread thread(boolean virtual, Runnable body) {
    return (virtual ? Thread.ofVirtual() : Thread.ofPlatform()).start(body);
  }

  /** What a thread that waits takes: on the heap if it is virtual, resident if it is not. */
  private static long bytesEach(boolean virtual) throws InterruptedException {
    int count = virtual ? 50 * THREADS : THREADS;
    var go = new CountDownLatch(1);
    long before = virtual ? usedHeap() : resident();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      threads.add(
          thread(
              virtual,
              () -> {
                try {
                  go.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              }));
    }
    for (Thread t : threads) while (t.getState() != Thread.State.WAITING) Thread.onSpinWait();
    long after = virtual ? usedHeap() : resident();
    go.countDown();
    for (Thread t : threads) t.join();
    return Math.max(0, after - before) / count;
  }

  private static long usedHeap() {
    System.gc();
    Runtime r = Runtime.getRuntime();
    return r.totalMemory() - r.freeMemory();
  }

  private static long resident() {
    try {
      String statm = java.nio.file.Files.readString(java.nio.file.Path.of("/proc/self/statm"));
      return Long.parseLong(statm.split(" ", 3)[1]) * 4096;
    } catch (java.io.IOException e) {
      return 0;
    }
  }
}
