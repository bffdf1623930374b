package dev.brigade.storm;

import dev.brigade.process.WorkerDiedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Pools of worker processes under load, while their workers are killed and stopped at every state
 * and tasks do their worst. Every task ends in exactly one way and begins at most as often as it
 * may; what had not begun is not lost; the pool comes back to its size; and in the end no process,
 * no name, no descriptor, no thread and no memory is left.
 */
final class ProcessStorm implements Storm.Weather {
  private static final int SPARE_DESCRIPTORS = 8;
  private static final long ALLOWED_BYTES = 24_000_000;

  private final ProcessTally tally = new ProcessTally();
  private final ConcurrentLinkedQueue<Throwable> uncaught = new ConcurrentLinkedQueue<>();
  private @Nullable Veterans veterans;
  private int rounds;
  private int descriptors;
  private long bytes;

  @Override
  public void round(RandomGenerator random) throws Exception {
    if (!Files.isDirectory(Path.of("/proc/self/fd"))) return;
    Thread.setDefaultUncaughtExceptionHandler((t, e) -> uncaught(e));
    if (veterans == null) veterans = new Veterans();
    Path scratch = Files.createTempDirectory("storm-");
    var load = new ProcessLoad(random, scratch, tally);
    try {
      load.run();
    } catch (Throwable t) {
      t.addSuppressed(new AssertionError("with " + load));
      throw t;
    }
    Files.delete(scratch.resolve("starts"));
    Files.delete(scratch);
    veterans().check();
    checkNothingLeft();
    Throwable first = uncaught.peek();
    if (first != null) throw new AssertionError("not caught", first);
  }

  private Veterans veterans() {
    return Objects.requireNonNull(veterans);
  }

  private void uncaught(Throwable e) {
    if (e instanceof WorkerDiedException || e instanceof CancellationException) return;
    uncaught.add(e);
  }

  private void checkNothingLeft() throws Exception {
    await("workers", () -> Footprint.children(veterans().pids()));
    await("threads", () -> Footprint.poolThreads(veterans().pids()));
    await("names", Footprint::leftNames);
    int open = Footprint.descriptors();
    long used = Footprint.usedBytes();
    if (rounds++ < 2) {
      // Classes are still being loaded.
      descriptors = open;
      bytes = used;
      return;
    }
    if (open > descriptors + SPARE_DESCRIPTORS)
      throw new AssertionError(
          open + " descriptors, " + descriptors + " at first: " + Footprint.kinds());
    if (used > bytes + ALLOWED_BYTES)
      throw new AssertionError(used + " bytes used, " + bytes + " at first");
  }

  private interface Leftovers {
    List<String> find();
  }

  private static void await(String what, Leftovers leftovers) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    List<String> left;
    while (!(left = leftovers.find()).isEmpty()) {
      if (System.nanoTime() - until > 0) throw new AssertionError(what + " are left: " + left);
      Thread.sleep(10);
    }
  }

  @Override
  public String report() {
    return tally
        + "\n"
        + veterans
        + "\n"
        + Footprint.descriptors()
        + " descriptors, "
        + descriptors
        + " at first; "
        + (Footprint.usedBytes() >> 10)
        + " KiB used, "
        + (bytes >> 10)
        + " at first";
  }
}
