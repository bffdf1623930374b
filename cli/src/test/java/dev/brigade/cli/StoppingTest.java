package dev.brigade.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

class StoppingTest {
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void interruptFromTheKeyboardStopsCleanly() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // As if its standard error were a terminal: its progress tells that it is at work.
                "-Dbrigade.terminals=2",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.brigade.cli.Main",
                "primes",
                "1e13")
            .start();
    try (InputStream err = process.getErrorStream()) {
      assertEquals('\r', err.read());
      int killed =
          new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();
      assertEquals(0, killed);
      String rest = new String(err.readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
      assertEquals(130, process.exitValue());
      assertTrue(rest.endsWith("\r\u001b[Kbrigade primes: stopped.\n"), rest);
      assertEquals(0, process.getInputStream().readAllBytes().length);
    } finally {
      process.destroyForcibly();
    }
  }
}
