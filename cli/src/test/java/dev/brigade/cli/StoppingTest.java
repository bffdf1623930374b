package dev.brigade.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.cli.primes.PrimeListing;
import dev.brigade.cli.primes.PrimeSieve;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(OS.WINDOWS)
class StoppingTest {
  private static Process start(String... args) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // As if its standard error were a terminal: its progress tells that it is at work.
    command.add("-Dbrigade.terminals=2");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.brigade.cli.Main"));
    command.addAll(List.of(args));
    return new ProcessBuilder(command).start();
  }

  private static void interrupt(Process process) throws Exception {
    String pid = String.valueOf(process.pid());
    assertEquals(0, new ProcessBuilder("kill", "-INT", pid).start().waitFor());
  }

  private static String rest(InputStream stream) throws IOException {
    return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void interruptFromTheKeyboardStopsCleanly() throws Exception {
    Process process = start("primes", "1e13");
    try (InputStream err = process.getErrorStream()) {
      assertEquals('\r', err.read());
      interrupt(process);
      String said = rest(err);
      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
      assertEquals(130, process.exitValue());
      assertTrue(said.endsWith("\r\u001b[Kbrigade primes: stopped.\n"), said);
      assertEquals("", rest(process.getInputStream()));
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void interruptedListIsWholeUpToWhereItSays() throws Exception {
    Process process = start("primes", "1e13", "--list");
    try (InputStream out = process.getInputStream()) {
      assertEquals('2', out.read());
      interrupt(process);
      String listed = rest(out);
      String said = rest(process.getErrorStream());
      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
      assertEquals(130, process.exitValue());
      Matcher next =
          Pattern.compile("brigade primes (\\d+)\\.\\.10000000000000 --list\n").matcher(said);
      assertTrue(next.find(), said);
      long windows = Long.parseLong(next.group(1)) / PrimeListing.WINDOW;
      assertTrue(windows >= 1, said);
      long primes = 0;
      PrimeSieve sieve = PrimeSieve.of(0, windows * PrimeListing.WINDOW - 1);
      for (int chunk = 0; chunk < sieve.chunkCount(); chunk++) primes += sieve.count(chunk);
      assertEquals(primes, listed.lines().skip(1).count() + 1);
      assertTrue(listed.endsWith("\n"));
    } finally {
      process.destroyForcibly();
    }
  }
}
