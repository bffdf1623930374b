package dev.brigade.testing.conformance;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Sees what tasks do wherever they run, in this process or another one on this machine: a log that
 * tasks append to, and gates that they wait at, both files in one folder. It can travel.
 *
 * <p>Interrupts never break its log, so that interrupted tasks can be seen; waiting at a gate ends
 * by interrupt.
 *
 * @param folder where the files are
 */
public record Probe(String folder) implements Serializable {
  private static final long POLL_NANOS = 500_000;

  /** Appends one line to the log, at once and whole. */
  public void mark(String event) {
    // One write in append mode is atomic, and streams of files do not care for interrupts.
    try (var log = new FileOutputStream(new File(folder, "log"), true)) {
      log.write((event + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      if (!new File(folder).isDirectory()) return;
      throw new UncheckedIOException(e);
    }
  }

  /** The log so far, in the order of the marks. */
  public List<String> events() {
    try (var log = new FileInputStream(new File(folder, "log"))) {
      return new String(log.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** How often something was marked. */
  public int count(String event) {
    return (int) events().stream().filter(event::equals).count();
  }

  /** Waits until something was marked. */
  public void await(String event) throws InterruptedException {
    await(event, 1);
  }

  /** Waits until something was marked as often as that. */
  public void await(String event, int times) throws InterruptedException {
    while (count(event) < times) pauseOrEnd();
  }

  /** Opens a gate, for good. */
  public void open(String gate) throws IOException {
    boolean unused = gate(gate).createNewFile();
  }

  /** As {@link #open}, where nobody can catch what it throws. */
  void openQuietly(String gate) {
    try {
      open(gate);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Waits until the gate is open. Looks at the gate first and then at the interrupt flag: an
   * interrupt from before the opening is always seen.
   */
  public void pass(String gate) throws InterruptedException {
    for (boolean open = false; !open; ) {
      open = isOpen(gate);
      if (Thread.interrupted()) throw new InterruptedException();
      if (!open) LockSupport.parkNanos(POLL_NANOS);
    }
  }

  /** Waits until the gate is open, through interrupts, and leaves the interrupt flag cleared. */
  public void passThroughInterrupts(String gate) {
    while (!isOpen(gate)) {
      LockSupport.parkNanos(POLL_NANOS);
      boolean unused = Thread.interrupted();
    }
  }

  /** Waits for the gate, and marks that it was interrupted there, if it was. */
  public void passOrMark(String gate, String event) throws InterruptedException {
    try {
      pass(gate);
    } catch (InterruptedException e) {
      mark(event);
      throw e;
    }
  }

  /** Opens every gate that there may be: nothing waits here any more. */
  void openEverything() throws IOException {
    open("everything");
  }

  private boolean isOpen(String gate) {
    return gate(gate).exists() || gate("everything").exists() || !new File(folder).isDirectory();
  }

  private File gate(String gate) {
    return new File(folder, "gate " + gate);
  }

  private void pauseOrEnd() throws InterruptedException {
    if (Thread.interrupted()) throw new InterruptedException();
    pause();
  }

  /** A moment. */
  void pause() {
    LockSupport.parkNanos(POLL_NANOS);
  }

  /** The most that were inside at once, by the marks {@code +what} and {@code -what}. */
  public int peak(String what) {
    int inside = 0;
    int peak = 0;
    for (String event : events()) {
      if (event.equals("+" + what)) peak = Math.max(peak, ++inside);
      else if (event.equals("-" + what)) inside--;
    }
    return peak;
  }
}
