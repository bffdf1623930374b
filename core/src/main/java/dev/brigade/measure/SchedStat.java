package dev.brigade.measure;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/*
 * Design. Linux keeps for each thread how long it was on a core and how long it was ready but queued
 * (schedstat), whether it is ready or asleep now, and how often it went to sleep (status). The files are
 * opened through /proc/thread-self by the thread itself, and can then be read by any other.
 *
 * The time on a core is brought up to date at each tick and each switch. So it is exact for a thread
 * that sleeps, and up to a tick (10 ms at worst, 4 ms as a rule) behind for one that runs. Where a thread
 * sleeps in the kernel (wchan) tells input from a thread that the JVM has stopped, which is the price of
 * computing, and grows when the machine is busy.
 */
/** A thread of Linux. */
final class SchedStat implements Probe {
  private static final byte[] STATE = "\nState:\t".getBytes(US_ASCII);
  private static final byte[] WAITS = "\nvoluntary_ctxt_switches:\t".getBytes(US_ASCII);

  private final Thread thread;
  private final RandomAccessFile times;
  private final RandomAccessFile status;
  private final @Nullable RandomAccessFile channel;
  private final byte[] buffer = new byte[2048];
  private Look last = new Look(0, 0, 0, Doing.RUNNING);

  private SchedStat(
      Thread thread,
      RandomAccessFile times,
      RandomAccessFile status,
      @Nullable RandomAccessFile channel) {
    this.thread = thread;
    this.times = times;
    this.status = status;
    this.channel = channel;
  }

  static final class All implements Probes {
    @Override
    public Probe here() {
      try {
        var times = own("schedstat");
        try {
          return new SchedStat(Thread.currentThread(), times, own("status"), ownIfAny("wchan"));
        } catch (IOException e) {
          times.close();
          throw e;
        }
      } catch (IOException noDescriptorsLeft) {
        return new StateProbe(Thread.currentThread());
      }
    }

    private static RandomAccessFile own(String name) throws IOException {
      return new RandomAccessFile("/proc/thread-self/" + name, "r");
    }

    private static @Nullable RandomAccessFile ownIfAny(String name) {
      try {
        return own(name);
      } catch (IOException hardened) {
        return null;
      }
    }

    @Override
    public String caveat() {
      return "";
    }
  }

  @Override
  public Look look() {
    try {
      int n = read(status);
      long waits = after(WAITS, n, true);
      Doing doing = Doings.of(thread);
      if (doing == null) doing = after(STATE, n, false) == 'R' ? Doing.RUNNING : asleep(waits);
      n = read(times);
      int space = 0;
      while (space < n && buffer[space] != ' ') space++;
      last = new Look(number(0, n), number(space + 1, n), waits, doing);
    } catch (IOException ended) {
      last = new Look(last.cpuNanos(), last.queuedNanos(), last.waits(), Doing.GONE);
    }
    return last;
  }

  /**
   * To the JVM it runs: then it waits in the system for input; or, at a lock of the JVM or of the
   * system that other threads hold, for leave to go on. If it has been woken meanwhile, that can't
   * be told.
   */
  private Doing asleep(long waits) throws IOException {
    int n = channel == null ? 0 : read(channel);
    String where = new String(buffer, 0, n, US_ASCII);
    if (where.contains("futex") || where.contains("rwsem")) return Doing.STOPPED;
    n = read(status);
    boolean still = after(STATE, n, false) != 'R' && after(WAITS, n, true) == waits;
    return still ? Doing.WAITING : Doing.RUNNING;
  }

  /** What follows a field's name and a tab: a number, or one letter. */
  private long after(byte[] name, int n, boolean isNumber) throws IOException {
    for (int at = 0; at + name.length < n; at++)
      if (Arrays.equals(buffer, at, at + name.length, name, 0, name.length))
        return isNumber ? number(at + name.length, n) : buffer[at + name.length];
    throw new IOException("not as expected: " + new String(buffer, 0, n, US_ASCII));
  }

  private int read(RandomAccessFile file) throws IOException {
    file.seek(0);
    int n = file.read(buffer);
    if (n <= 0) throw new IOException("the thread has ended");
    return n;
  }

  private long number(int from, int n) throws IOException {
    long value = 0;
    int i = from;
    for (; i < n && buffer[i] >= '0' && buffer[i] <= '9'; i++)
      value = value * 10 + (buffer[i] - '0');
    if (i == from) throw new IOException("not as expected: " + new String(buffer, 0, n, US_ASCII));
    return value;
  }

  @Override
  public void close() {
    try (times;
        status;
        channel) {
      last = new Look(last.cpuNanos(), last.queuedNanos(), last.waits(), Doing.GONE);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
