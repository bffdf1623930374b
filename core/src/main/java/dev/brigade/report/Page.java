package dev.brigade.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.SequencedMap;

/**
 * A page for people: one HTML document that needs nothing else, neither a server nor a network. It
 * shows timelines of what ran and what waited, drawn from the events of {@link Recording}s, with
 * figures, tables and text around them; in light and dark, on wide screens and phones, and without
 * scripts too. {@code FanOut.report} makes one by itself.
 *
 * {@snippet :
 * dev.brigade.report.Page.titled("Nightly import")
 *     .lead("What the import did tonight.")
 *     .recording(seen)
 *     .writeTo(Path.of("import.html"));
 * }
 *
 * <p>What is added appears in that order. All text is shown as it is, whatever is in it: no name of
 * a task can be markup or run. However much was recorded, a page stays small: up to 2,000 bars are
 * drawn one by one in up to 64 rows, more are drawn as bands, and the page says so. Not safe for
 * use by several threads at once.
 */
public final class Page {
  /** Whose rows a timeline has. */
  public enum Rows {
    /** Of tasks, by name, with the time before they began. */
    TASKS,
    /** Of threads, or of places where there are more threads than rows. */
    THREADS
  }

  private final String title;
  private final Markup out = new Markup();
  private boolean inFacts;
  private boolean inSection;
  private int charts;

  private Page(String title) {
    this.title = title;
  }

  /** An empty page. */
  public static Page titled(String title) {
    return new Page(Objects.requireNonNull(title, "title"));
  }

  /** With what it is about, in large letters; meant to be the first thing. */
  public Page lead(String text) {
    flow().start("p", "lead").text(text).end().line();
    return this;
  }

  /** Begins a part with a heading. */
  public Page section(String heading) {
    flow();
    if (inSection) out.end();
    inSection = true;
    out.start("section").element("h2", heading).line();
    return this;
  }

  /** With a heading within a section. */
  public Page heading(String heading) {
    flow().element("h3", heading).line();
    return this;
  }

  /** With a paragraph. */
  public Page text(String text) {
    flow().element("p", text).line();
    return this;
  }

  /** With a paragraph that stands out: a conclusion, an advice. */
  public Page note(String text) {
    flow().start("p", "note").text(text).end().line();
    return this;
  }

  /** With a note that this is what it ended with. */
  public Page failure(Throwable failure) {
    return note("It ended with " + Figures.failure(failure) + ".");
  }

  /**
   * With a figure in large letters; those that follow one another stand side by side.
   *
   * @param label what it is, in a word or two
   * @param value the figure with its unit
   * @param detail what it means, in a few words; may be empty
   */
  public Page fact(String label, String value, String detail) {
    if (!inFacts) out.start("dl", "facts").line();
    inFacts = true;
    out.start("div").element("dt", label).start("dd").start("b").text(value).end();
    if (!detail.isEmpty()) out.start("span").text(detail).end();
    out.end().end().line();
    return this;
  }

  /** With a table. */
  public Page table(Table table) {
    table.draw(flow());
    return this;
  }

  /** With everything that there is to see in one recording. */
  public Page recording(Recording recording) {
    History history = History.of(recording);
    new RecordingPart(this, out, history).draw();
    return this;
  }

  /**
   * With one timeline for each recording, below one another and to the same scale, so that lengths
   * can be compared.
   *
   * @param caption what they show
   * @param recordings by what each is called
   */
  public Page timelines(String caption, Rows rows, SequencedMap<String, Recording> recordings) {
    new StripsPart(this, out, rows == Rows.TASKS, recordings).draw(caption);
    return this;
  }

  /** Begins a figure that can be enlarged; the caller ends it. */
  void startFigure(String caption) {
    int chart = ++charts;
    flow().start("figure", "timeline").start("figcaption").start("span").text(caption).end();
    out.start("fieldset", "zoom").start("legend").text("Enlarge").end();
    for (int by : new int[] {1, 4, 16}) {
      out.start("label").start("input").attr("type", "radio").attr("name", "zoom" + chart);
      out.attr("value", by);
      if (by == 1) out.attr("checked", "checked");
      out.end().start("span").text(by + "×").end().end();
    }
    out.end().end().line();
  }

  /** Says that bars are not drawn one by one, if so. */
  void cut(History history, Lanes lanes, String name) {
    if (lanes.drawable()) return;
    String tasks = Figures.count(history.work.size(), "task");
    String rows = Figures.count(lanes.count(), "row");
    String bands =
        lanes.count() > DensityBand.MOST
            ? "a band stands for several rows, and is as high as the share of them at work."
            : "a band is as high as the share of the time at work.";
    cut(name + tasks + " in " + rows + ", too many to draw one by one: " + bands);
  }

  void cut(String text) {
    out.start("p", "cut").text(text).end();
  }

  /** Ends the row of facts, if one is open. */
  Markup flow() {
    if (inFacts) out.end().line();
    inFacts = false;
    return out;
  }

  /** The whole document. The page can go on after it. */
  public String html() {
    var all = new Markup();
    all.raw("<!DOCTYPE html>\n")
        .start("html")
        .attr("lang", "en")
        .attr("xmlns", "http://www.w3.org/1999/xhtml");
    all.start("head").line().start("meta").attr("charset", "utf-8").end().line();
    all.start("meta")
        .attr("http-equiv", "Content-Security-Policy")
        .attr("content", Looks.RULES)
        .end()
        .line();
    all.start("meta")
        .attr("name", "viewport")
        .attr("content", "width=device-width, initial-scale=1")
        .end();
    all.line()
        .start("meta")
        .attr("name", "color-scheme")
        .attr("content", "light dark")
        .end()
        .line();
    all.element("title", title).line();
    all.start("style").raw(Looks.STYLE).end().end().line();
    all.start("body").raw(Looks.PATTERNS).start("main").line();
    all.start("header").start("p", "brand").text("Brigade").end().element("h1", title).end().line();
    all.raw(out.toString());
    if (inFacts) all.raw("</dl>");
    if (inSection) all.raw("</section>");
    all.line().end().start("script").raw(Looks.SCRIPT).end().end().end();
    return all.raw("\n").toString();
  }

  /**
   * Writes the document to a file, which appears whole or not at all; one that is there is
   * replaced.
   */
  public void writeTo(Path file) throws IOException {
    PageFile.write(Objects.requireNonNull(file, "file"), html());
  }
}
