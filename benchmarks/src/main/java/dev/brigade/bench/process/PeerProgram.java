package dev.brigade.bench.process;

import dev.brigade.bench.MissingPeer;
import dev.brigade.bench.Side;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A peer's pool in a program that is started once and answers a line for each sample, so that the
 * start of its interpreter is in no figure. The line there and back takes less than a thousandth of
 * a sample.
 */
final class PeerProgram implements Side {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final Process process;
  private final Writer questions;
  private final BufferedReader answers;
  private final String caseName;
  private final int items;

  /**
   * @param items how many make one operation; 0 if the operations themselves are counted
   */
  PeerProgram(List<String> command, String caseName, int items) throws IOException {
    this.process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
    this.questions = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.caseName = caseName;
    this.items = items;
  }

  @Override
  public long run(int operations) throws Exception {
    if (items == 0) return Long.parseLong(ask(operations));
    long sum = 0;
    for (int i = 0; i < operations; i++) sum += Long.parseLong(ask(items));
    return sum;
  }

  /** Lets it run the case once and returns its answer. */
  String ask(int n) throws IOException, MissingPeer {
    questions.write(caseName + " " + n + "\n");
    questions.flush();
    var answered = new CompletableFuture<String>();
    var unused =
        answered
            .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
            .whenComplete((answer, late) -> {
              if (late != null) kill();
            });
    String answer = answers.readLine();
    answered.complete("");
    if (answer == null) throw new MissingPeer(caseName + ": the program ended, or did not answer");
    if (answer.startsWith("error: ")) throw new MissingPeer(answer.substring("error: ".length()));
    return answer;
  }

  private void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** The end of its input makes it close its pool and end. */
  @Override
  public void close() {
    try {
      questions.close();
      if (!process.waitFor(5, TimeUnit.SECONDS)) kill();
    } catch (IOException | InterruptedException e) {
      kill();
    }
  }
}
