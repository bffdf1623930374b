package dev.brigade.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final long SECOND = 1_000_000_000;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final AtomicLong clock = new AtomicLong();

  private Progress progress(boolean shown) {
    var err = new PrintStream(bytes, false, StandardCharsets.UTF_8);
    var terminal = new Terminal(System.out, err, false, shown, false);
    return new Progress(terminal, "primes", 100, clock::get);
  }

  private String written() {
    String text = bytes.toString(StandardCharsets.UTF_8);
    bytes.reset();
    return text;
  }

  @Test
  void shortRunShowsNothing() {
    try (Progress progress = progress(true)) {
      clock.set(SECOND - 1);
      progress.advance(99);
    }
    assertEquals("", written());
  }

  @Test
  void longRunShowsShareAndTimeLeftAndLeavesNothingBehind() {
    Progress progress = progress(true);
    clock.set(2 * SECOND);
    progress.advance(50);
    String bar = "█".repeat(15) + "░".repeat(15);
    assertEquals("\rprimes  " + bar + "  50%, 2.00 s left\u001b[K", written());
    progress.close();
    assertEquals("\r\u001b[K", written());
    progress.close();
    assertEquals("", written());
  }

  @Test
  void atMostTenTimesASecond() {
    try (Progress progress = progress(true)) {
      clock.set(2 * SECOND);
      progress.advance(1);
      written();
      clock.set(2 * SECOND + SECOND / 10 - 1);
      progress.advance(1);
      assertEquals("", written());
      clock.set(2 * SECOND + SECOND / 10);
      progress.advance(1);
      assertEquals(1, written().lines().filter(line -> line.contains("3%")).count());
    }
  }

  @Test
  void nothingWhereNobodyLooks() {
    try (Progress progress = progress(false)) {
      clock.set(2 * SECOND);
      progress.advance(50);
      assertEquals(50, progress.done());
    }
    assertEquals("", written());
  }
}
