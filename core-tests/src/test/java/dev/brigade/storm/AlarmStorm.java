package dev.brigade.storm;

import dev.brigade.time.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Many threads that set alarms and take most of them back. Each action runs at most once, never
 * early, never after it was taken back in time; none that was left alone is lost; and what was
 * taken back is not kept.
 */
final class AlarmStorm implements Storm.Weather {
  private static final int THREADS = 4;
  private static final int ALARMS = 100_000;
  private static final long HOUR_NANOS = 3_600_000_000_000L;
  private static final long ALLOWED_BYTES = 16_000_000;

  private final TimeSource time = TimeSource.system();
  private long alarms;

  @Override
  public void round(RandomGenerator random) throws Exception {
    long before = usedBytes();
    var left = new ArrayList<Plan>();
    for (int t = 0; t < THREADS; t++) left.add(new Plan(random.nextLong()));
    try (var crowd = new Crowd()) {
      for (Plan plan : left) crowd.start(plan::run);
    }
    for (Plan plan : left) plan.check();
    left.clear();
    alarms += (long) THREADS * ALARMS;
    long grown = usedBytes() - before;
    if (grown > ALLOWED_BYTES)
      throw new AssertionError("memory grew by " + grown + " bytes in one round");
  }

  private static long usedBytes() {
    System.gc();
    var runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /** What one thread does: half are taken back at once, some late, the rest left to strike. */
  private final class Plan {
    private final RandomGenerator random;
    private final AtomicIntegerArray ran = new AtomicIntegerArray(ALARMS);
    private final AtomicLong early = new AtomicLong();
    private final List<Integer> mustRun = new ArrayList<>();
    private final List<Integer> mustNot = new ArrayList<>();

    Plan(long seed) {
      random = new java.util.SplittableRandom(seed);
    }

    void run() {
      TimeSource.Alarm late = null;
      for (int i = 0; i < ALARMS; i++) {
        int n = i;
        int kind = random.nextInt(10);
        // Those an hour away are always taken back: their husks must not stay.
        boolean far = kind < 5;
        long at = time.nanoTime() + (far ? HOUR_NANOS : random.nextLong(3_000_000));
        TimeSource.Alarm alarm =
            time.schedule(
                at,
                () -> {
                  if (time.nanoTime() - at < 0) early.incrementAndGet();
                  ran.incrementAndGet(n);
                });
        if (far) {
          alarm.cancel();
          mustNot.add(n);
        } else if (kind < 8) {
          if (late != null) late.cancel();
          late = alarm;
        } else {
          mustRun.add(n);
        }
      }
    }

    void check() throws InterruptedException {
      for (int n : mustRun) Crowd.await("alarm " + n + " to strike", () -> ran.get(n) > 0);
      for (int n : mustNot)
        if (ran.get(n) != 0) throw new AssertionError("an alarm that was taken back struck");
      for (int n = 0; n < ALARMS; n++)
        if (ran.get(n) > 1) throw new AssertionError("an alarm struck twice");
      if (early.get() != 0) throw new AssertionError(early + " alarms struck early");
    }
  }

  @Override
  public String report() {
    return alarms + " alarms";
  }
}
