package dev.brigade.process.launch;

import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/*
 * Design. util-linux's setpriv sets the death signal and becomes java by exec, which keeps it, so that
 * it holds from the first moment and the worker need not call the kernel itself. Against doing that by
 * the foreign-function API (DeathSignal) it spares each worker some 30 ms of processor time just when
 * its first tasks come, and the option --enable-native-access, which costs 8 ms more, since the JVM then
 * can't use its archived module graph. The wrapper itself takes 2 ms.
 *
 * It is tried out once, since older ones and busybox's lack the option.
 */
/** The words in front of a worker's command that have the kernel kill it when this process ends. */
final class DeathSignalWrapper {
  /** Tells the worker that it has its death signal. */
  static final String ARMED = "brigade.process.deathSignal";

  /** Where to look instead; empty for not at all. */
  static final String PATH = "brigade.process.setpriv";

  private DeathSignalWrapper() {}

  /** They, or none if this system has none that works. */
  static List<String> words() {
    return Found.WORDS;
  }

  private static final class Found {
    static final List<String> WORDS = find(System.getProperty(PATH, "/usr/bin/setpriv"));

    private Found() {}
  }

  static List<String> find(String program) {
    if (program.isEmpty() || !new File(program).canExecute()) return List.of();
    try {
      Process trial =
          Spawner.start(
              new ProcessBuilder(program, "--pdeathsig", "KILL", program, "--version")
                  .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                  .redirectError(ProcessBuilder.Redirect.DISCARD));
      if (trial.waitFor(5, TimeUnit.SECONDS) && trial.exitValue() == 0)
        return List.of(program, "--pdeathsig", "KILL");
      trial.destroyForcibly();
    } catch (IOException _) {
      // There is none that can be started.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return List.of();
  }
}
