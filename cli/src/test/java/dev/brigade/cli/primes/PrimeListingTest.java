package dev.brigade.cli.primes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PrimeListingTest {
  private final AtomicLong windows = new AtomicLong();

  private void list(long to, OutputStream into) throws InterruptedException {
    var out = new PrintStream(into, false, StandardCharsets.UTF_8);
    PrimeListing.write(0, to, false, out, windows::addAndGet);
    out.flush();
  }

  @Test
  void progressCountsEveryWindow() throws InterruptedException {
    long to = 2 * PrimeListing.WINDOW;
    list(to, OutputStream.nullOutputStream());
    assertEquals(3, PrimeListing.windows(0, to));
    assertEquals(3, windows.get());
  }

  @Test
  void stopsWhenNobodyReadsOn() throws InterruptedException {
    var closed =
        new OutputStream() {
          private int calls;

          @Override
          public void write(int b) throws IOException {
            calls++;
            throw new IOException("Broken pipe");
          }
        };
    list(100 * PrimeListing.WINDOW, closed);
    assertTrue(closed.calls >= 1);
    assertTrue(windows.get() < 100, windows + " windows written into a closed pipe");
  }
}
