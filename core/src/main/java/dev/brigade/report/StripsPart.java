package dev.brigade.report;

import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;

/** Several timelines below one another, to the same scale. */
final class StripsPart {
  /** From more rows than this on they are only lines, so that the whole can be seen at once. */
  private static final int THIN = 12;

  private record Strip(String name, History history, Lanes lanes) {}

  private final Page page;
  private final Markup out;
  private final boolean byTask;
  private final List<Strip> strips = new ArrayList<>();

  StripsPart(Page page, Markup out, boolean byTask, SequencedMap<String, Recording> recordings) {
    this.page = page;
    this.out = out;
    this.byTask = byTask;
    recordings.forEach((name, recording) -> {
      History h = History.of(recording);
      strips.add(new Strip(Figures.shown(name), h, byTask ? Lanes.byTask(h) : Lanes.byThread(h)));
    });
  }

  void draw(String caption) {
    long scale = strips.stream().mapToLong(s -> s.history.nanos).max().orElse(1);
    boolean thin = strips.stream().anyMatch(s -> s.lanes.count() > THIN);
    page.startFigure(caption);
    for (Strip s : strips) strip(s, new TimelineChart.Scale(scale, thin, s == strips.getLast()));
    legend();
    for (Strip s : strips) {
      page.cut(s.history, s.lanes, s.name + ": ");
      if (s.history.missed > 0) page.cut(s.name + ": " + s.history.missedInWords());
    }
    out.end().line();
  }

  private void strip(Strip s, TimelineChart.Scale scale) {
    out.start("div", "strip").start("p", "name");
    out.start("b").start("bdi").text(s.name).end().end();
    out.text(" ").start("span").text(Figures.nanos(s.history.nanos)).end().end();
    String description = s.name + ": " + s.history.description();
    TimelineChart.draw(out, s.history, s.lanes, scale, description);
    out.end();
  }

  private void legend() {
    List<History> histories = strips.stream().map(Strip::history).toList();
    if (strips.stream().anyMatch(s -> s.lanes.drawable())) Legend.ofBars(out, histories, byTask);
    else Legend.ofBands(out, histories);
  }
}
