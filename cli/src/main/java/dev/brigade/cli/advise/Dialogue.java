package dev.brigade.cli.advise;

import dev.brigade.cli.terminal.Lines;
import dev.brigade.cli.terminal.Terminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The decision trees of the guides, as questions in the terminal. */
public final class Dialogue {
  private final BufferedReader in;
  private final Terminal terminal;

  /** Reads answers from here; one on a line. */
  public Dialogue(BufferedReader in, Terminal terminal) {
    this.in = in;
    this.terminal = terminal;
  }

  /** Asks until it is clear; null if the input ends before. */
  public @Nullable Conclusion ask() throws IOException {
    Question question = Question.FIRST;
    while (true) {
      Question.Answer answer = ask(question);
      if (answer == null) return null;
      if (answer.end() != null) return answer.end();
      if (answer.next() != null) question = answer.next();
    }
  }

  private Question.@Nullable Answer ask(Question question) throws IOException {
    List<Question.Answer> answers = question.answers();
    terminal.out().println(terminal.bold(question.text()));
    for (int i = 0; i < answers.size(); i++)
      terminal.out().println("  " + (i + 1) + "  " + answers.get(i).text());
    while (true) {
      terminal.out().print("> ");
      terminal.flush();
      String line = in.readLine();
      if (line == null) {
        terminal.out().println();
        return null;
      }
      String typed = line.strip().toLowerCase(Locale.ROOT);
      for (int i = 0; i < answers.size(); i++)
        if (typed.equals(String.valueOf(i + 1))) {
          terminal.out().println();
          return answers.get(i);
        }
      terminal
          .out()
          .println(
              "'"
                  + line.strip()
                  + "' is no answer: type a number from 1 to "
                  + answers.size()
                  + ".");
    }
  }

  /** Shows where it led. */
  public void show(Conclusion end) {
    for (String line : Lines.wrapped(end.advice(), Lines.COLUMNS)) terminal.out().println(line);
    terminal.out().println();
    for (String line : end.program().stripTrailing().split("\n", -1))
      terminal.out().println(line.isEmpty() ? "" : "    " + line);
    terminal.out().println();
    terminal.out().println("Read on in " + end.page() + ".");
  }
}
