package dev.brigade.task;

import dev.brigade.observe.Observers;
import dev.brigade.report.Page;
import dev.brigade.report.Recording;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Records one fan-out and writes its page when it ends. Nothing that goes wrong with the page
 * reaches the caller: the result of the work matters more.
 */
final class Reporting implements CancelToken.Registration {
  static final int EVENTS = 100_000;

  private final Choices choices;
  private final Path file;
  private final Recording recording = Recording.ofNextScope(EVENTS);
  private final Observers.Registration registration = Observers.register(recording);
  private CancelToken.@Nullable Registration link;

  private Reporting(Choices choices, Path file) {
    this.choices = choices;
    this.file = file;
  }

  /** Before the scope is opened, on the thread that will. */
  static Reporting begin(Choices choices, Path file) {
    return new Reporting(choices, file);
  }

  /** Takes this along, so that both end with the scope. */
  void closing(CancelToken.Registration other) {
    link = other;
  }

  @Override
  public void close() {
    if (link != null) link.close();
    end(null, null);
  }

  /** The scope has ended, or has not come to be. */
  void end(@Nullable Throwable thrown, @Nullable String advice) {
    registration.close();
    try {
      page(thrown, advice).writeTo(file);
    } catch (Throwable t) {
      System.getLogger("dev.brigade")
          .log(System.Logger.Level.WARNING, "the report could not be written to " + file, t);
    }
  }

  private Page page(@Nullable Throwable thrown, @Nullable String advice) {
    String name = choices.name();
    Page page = Page.titled(name == null ? "A fan-out" : name);
    page.lead("Ran " + choices.withReport(null).withName(null) + ".");
    if (thrown != null) page.failure(thrown);
    if (advice != null) page.note(advice);
    return page.recording(recording);
  }
}
