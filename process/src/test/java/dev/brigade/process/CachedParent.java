package dev.brigade.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** A program with pools that share a start cache; started from jars, as a cache wants it. */
final class CachedParent {
  private CachedParent() {}

  public static void main(String[] what) throws Exception {
    Path folder = Path.of(what[1]);
    var worker = WorkerOptions.of().withHeapBytes(128L << 20).withStartCache(folder);
    for (int i = 2; i < what.length; i++) worker = worker.withJvmOptions(what[i]);
    var options = ProcessOptions.of(1).withWorker(worker);
    switch (what[0]) {
      case "race" -> race(options);
      case "use" -> use(options);
      case "close" -> close(options);
      case "exit" -> exit(options);
      default -> throw new IllegalArgumentException(what[0]);
    }
  }

  private static void race(ProcessOptions options) throws Exception {
    List<ProcessPool> pools = new ArrayList<>();
    for (int i = 0; i < 3; i++) pools.add(ProcessPool.open(options.withMaxTasks(1)));
    for (ProcessPool pool : pools) {
      // Where another program makes it, the next worker finds it: each one runs one task.
      while (!over(state(pool))) {
        int unused = pool.call(n -> n, 0).get();
      }
      System.out.println(state(pool));
    }
    for (ProcessPool pool : pools) pool.close();
  }

  private static boolean over(String state) {
    return state.startsWith("made") || state.startsWith("not made:") || state.equals("used");
  }

  private static void use(ProcessOptions options) throws Exception {
    try (ProcessPool pool = ProcessPool.open(options)) {
      boolean cached = pool.call(_ -> commandLine().contains("-XX:AOTCache="), 0).get();
      System.out.println((cached ? "with" : "without") + ": " + state(pool));
    }
  }

  private static void close(ProcessOptions options) throws Exception {
    ProcessPool pool = ProcessPool.open(options);
    awaitMaking();
    pool.close();
    System.out.println("left: " + making().count());
  }

  private static void exit(ProcessOptions options) throws Exception {
    ProcessPool pool = ProcessPool.open(options);
    awaitMaking();
    System.out.println("leaves " + Objects.requireNonNull(pool).isShutdown());
    System.exit(0);
  }

  private static void awaitMaking() throws InterruptedException {
    while (making().findAny().isEmpty()) Thread.sleep(1);
  }

  private static Stream<ProcessHandle> making() {
    return ProcessHandle.current()
        .children()
        .filter(p -> p.info().commandLine().orElse("").contains("-XX:AOTMode="));
  }

  private static String commandLine() {
    return ProcessHandle.current().info().commandLine().orElse("");
  }

  private static String state(ProcessPool pool) {
    return String.valueOf(pool.reading().figures().get("startCache"));
  }
}
