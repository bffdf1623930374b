package dev.brigade.process.launch;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the system tells about a process, read anew each time. On Linux from {@code /proc}, some 5
 * µs each; elsewhere only what {@link ProcessHandle} knows.
 */
public final class ProcessFacts {
  /** What can't be told. */
  public static final long UNKNOWN = -1;

  private static final boolean PROC = new File("/proc/self/stat").exists();
  private static final int AT_PAGESZ = 6;

  private ProcessFacts() {}

  /** Whether this system has a {@code /proc} to ask. */
  public static boolean available() {
    return PROC;
  }

  /** The memory that it takes now, or {@link #UNKNOWN}. */
  public static long residentBytes(long pid) {
    byte[] statm = read(pid, "statm");
    if (statm == null) return UNKNOWN;
    String[] fields = text(statm).split(" ");
    return fields.length < 2 ? UNKNOWN : number(fields[1]) * PageSize.BYTES;
  }

  /**
   * What it is about: {@code R} runs, {@code S} or {@code D} waits, {@code T} or {@code t} is
   * stopped, {@code Z} is dead but not yet collected, {@code ?} is gone or can't be told.
   */
  public static char state(long pid) {
    String field = field(pid, 3);
    return field.isEmpty() ? '?' : field.charAt(0);
  }

  /** Whether it stands still because of a SIGSTOP or a debugger. */
  public static boolean stopped(long pid) {
    char state = state(pid);
    return state == 'T' || state == 't';
  }

  /** Its parent, or {@link #UNKNOWN}. */
  public static long parent(long pid) {
    if (PROC) return number(field(pid, 4));
    return ProcessHandle.of(pid).flatMap(ProcessHandle::parent).map(ProcessHandle::pid).orElse(-1L);
  }

  /**
   * When it was started, in units of this system that are only good for telling it from a later
   * process with the same number, or {@link #UNKNOWN} if there is no such process.
   */
  public static long startMark(long pid) {
    if (PROC) return number(field(pid, 22));
    Optional<ProcessHandle> handle = ProcessHandle.of(pid);
    if (handle.isEmpty()) return UNKNOWN;
    return handle.get().info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  /** Whether this very process still runs; a zombie does not. */
  public static boolean alive(long pid, long startMark) {
    if (startMark == UNKNOWN || startMark(pid) != startMark) return false;
    return !PROC || state(pid) != 'Z';
  }

  /**
   * A field of {@code stat}, counted from 1 as in its manual; the name in field 2 may hold
   * anything.
   */
  private static String field(long pid, int number) {
    byte[] stat = read(pid, "stat");
    if (stat == null) return "";
    String line = text(stat);
    int afterName = line.lastIndexOf(')') + 2;
    if (afterName < 2 || afterName >= line.length()) return "";
    String[] fields = line.substring(afterName).split(" ");
    return number - 3 < fields.length ? fields[number - 3] : "";
  }

  private static byte @Nullable [] read(long pid, String file) {
    if (!PROC) return null;
    try (var in = new FileInputStream("/proc/" + pid + "/" + file)) {
      return in.readNBytes(4096);
    } catch (IOException _) {
      return null;
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1).trim();
  }

  private static long number(String digits) {
    if (digits.isEmpty()) return UNKNOWN;
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException _) {
      return UNKNOWN;
    }
  }

  /**
   * From the auxiliary vector that the kernel gave this process: 4 KiB on most, 16 or 64 on some.
   */
  private static final class PageSize {
    static final long BYTES = read();

    private static long read() {
      try (var in = new FileInputStream("/proc/self/auxv")) {
        ByteBuffer pairs = ByteBuffer.wrap(in.readNBytes(4096)).order(ByteOrder.nativeOrder());
        while (pairs.remaining() >= 16) {
          long key = pairs.getLong();
          long value = pairs.getLong();
          if (key == AT_PAGESZ) return value;
        }
      } catch (IOException _) {
        // The usual one, then.
      }
      return 4096;
    }
  }
}
