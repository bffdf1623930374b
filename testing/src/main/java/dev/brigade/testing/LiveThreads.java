package dev.brigade.testing;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import dev.brigade.engine.Engine;
import dev.brigade.engine.EngineThread;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The threads that live now, virtual ones included as far as the JVM shows them. */
final class LiveThreads {
  /** Threads that serve everybody and end by themselves when idle. */
  private static final Set<String> SERVICES =
      Set.of(
          "brigade-timer",
          "brigade-virtual-clock",
          "brigade-spawner",
          "junit-jupiter-timeout-watcher");

  private static final Pattern VIRTUAL = Pattern.compile("#(\\d+) \"(.*)\" virtual.*");

  private LiveThreads() {}

  /** A description, with the stack, of each thread with a higher id that is not the JDK's. */
  static List<String> startedAfter(long id) throws IOException, InterruptedException {
    List<String> found = new ArrayList<>();
    for (Thread t : platformThreads()) {
      if (t.threadId() <= id || t == Thread.currentThread() || isService(t)) continue;
      var text = new StringBuilder();
      Stalls.describe(t, text);
      if (t.isAlive()) found.add(text.toString().strip());
    }
    for (String virtual : virtualThreads(id)) found.add(virtual);
    return found;
  }

  private static List<Thread> platformThreads() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group.getParent() != null) group = group.getParent();
    Thread[] threads = new Thread[group.activeCount() + 64];
    int n = group.enumerate(threads, true);
    List<Thread> all = new ArrayList<>(n);
    for (int i = 0; i < n; i++) all.add(threads[i]);
    return all;
  }

  private static boolean isService(Thread t) throws InterruptedException {
    if (SERVICES.contains(t.getName())) return true;
    String type = t.getClass().getName();
    if (type.startsWith("jdk.internal.")) return true;
    // Wakes virtual threads that sleep.
    if (type.equals("java.util.concurrent.DelayScheduler")) return true;
    if (t instanceof ForkJoinWorkerThread w && w.getPool() == ForkJoinPool.commonPool())
      return true;
    return t instanceof EngineThread e && e.engine() == sharedCores();
  }

  /** What the threads of the shared cores engine say that they belong to. */
  private static Engine sharedCores() throws InterruptedException {
    try {
      return Engine.cores().submit(() -> ((EngineThread) Thread.currentThread()).engine()).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> virtualThreads(long afterId) throws IOException {
    Path folder = Files.createTempDirectory("brigade-threads");
    Path dump = folder.resolve("dump");
    try {
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpThreads(dump.toString(), ThreadDumpFormat.TEXT_PLAIN);
      return parse(Files.readAllLines(dump), afterId);
    } finally {
      Files.deleteIfExists(dump);
      Files.deleteIfExists(folder);
    }
  }

  private static List<String> parse(List<String> lines, long afterId) {
    List<String> found = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      Matcher m = VIRTUAL.matcher(lines.get(i));
      if (!m.matches() || Long.parseLong(m.group(1)) <= afterId) continue;
      var text = new StringBuilder("virtual thread ").append(m.group(2)).append(" #");
      text.append(m.group(1));
      for (i++; i < lines.size() && !lines.get(i).isBlank(); i++)
        text.append("\n    ").append(lines.get(i).strip());
      found.add(text.toString());
    }
    return found;
  }
}
