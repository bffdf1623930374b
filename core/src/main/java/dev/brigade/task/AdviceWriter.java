package dev.brigade.task;

import dev.brigade.auto.Advice;
import dev.brigade.auto.Advice.Choice;
import dev.brigade.auto.Advice.Estimate;
import dev.brigade.auto.Advice.Evidence;
import dev.brigade.auto.Advice.Step;
import dev.brigade.auto.Advice.Work;
import dev.brigade.measure.Figures;
import dev.brigade.measure.Nature;
import dev.brigade.task.Trial.Finding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes the advice of one fan-out.
 *
 * <p>The estimates: with s the time of an item, waits for locks and for a core taken off, and b the
 * busy share of it, n items take n s one after the other; n s / N on N cores; and on L virtual
 * threads the longer of n s / L and n b s / N. Behind a lock no way is faster than what the lock
 * lets through.
 */
final class AdviceWriter {
  private static final long TINY_NANOS = 500_000;

  private final String shape;
  private final Finding found;
  private final Figures figures;
  private final int items;
  private final long tookNanos;
  private final Work work;

  AdviceWriter(String shape, Finding found, int items, long tookNanos) {
    this.shape = shape;
    this.found = found;
    this.figures = found.figures();
    this.items = items;
    this.tookNanos = tookNanos;
    this.work = work();
  }

  private Work work() {
    boolean tiny = figures.wallNanos() < TINY_NANOS && found.move() == null;
    if (tiny) return Work.TINY;
    Nature nature =
        found.nature() == Nature.UNKNOWN
            ? dev.brigade.measure.Classifier.byBusy(busy())
            : found.nature();
    return switch (nature) {
      case COMPUTES -> Work.COMPUTES;
      case MIXED -> Work.MIXED;
      case WAITS -> Work.WAITS;
      case CONTENDS -> Work.CONTENDS;
      case UNKNOWN -> Work.TINY;
    };
  }

  /**
   * The time in items, queues taken off. What a lone worker waited, nobody has looked at: then it
   * is what the wall says.
   */
  private long spentNanos() {
    return Math.max(figures.netNanos(), figures.wallNanos() - figures.queuedNanos());
  }

  private double busy() {
    long spent = spentNanos();
    return figures.netNanos() * 2 >= spent
        ? figures.busy()
        : Math.min(1, figures.cpuNanos() / (double) Math.max(1, spent));
  }

  Advice advice(long startNanos) {
    Choice choice = choice();
    return new Advice(
        work,
        evidence(),
        choice,
        Duration.ofNanos(tookNanos),
        estimates(choice),
        path(startNanos),
        elsewhere() == null ? why() : why() + " " + elsewhere(),
        code(choice));
  }

  private Evidence evidence() {
    return new Evidence(
        items,
        figures.items(),
        figures.threads(),
        found.cores(),
        Duration.ofNanos(figures.wallNanos()),
        Duration.ofNanos(figures.cpuNanos()),
        Duration.ofNanos(figures.queuedNanos()),
        busy(),
        figures.lockedShare(),
        found.lockedAt(),
        found.caveat());
  }

  private Choice choice() {
    Trial.Elsewhere e = found.elsewhere();
    if (e != null && e.chosen()) return new Choice(e.engine().traits().name(), e.width(), false);
    Trial.Move m = found.move();
    if (m == null) {
      int threads = Math.max(1, figures.threads());
      return new Choice(threads == 1 ? "sequential" : "cores", threads, false);
    }
    int width = m.pace().width();
    boolean fixed = m.pace() instanceof Pace.Fixed;
    if (fixed && width == 1) return new Choice("sequential", 1, false);
    return new Choice(m.stays() ? "cores" : "virtual", width, !fixed);
  }

  private List<Step> path(long startNanos) {
    var steps = new ArrayList<Step>();
    if (found.move() instanceof Trial.Move m)
      for (Pace.Point p : m.pace().path())
        steps.add(new Step(Duration.ofNanos(p.atNanos() - startNanos), p.width()));
    return steps;
  }

  private List<Estimate> estimates(Choice choice) {
    if (figures.items() == 0 || items == 0) return List.of();
    double beside = 1 - figures.lockedShare();
    double each = spentNanos() * beside / figures.items();
    double busy = Math.min(1, beside <= 0 ? 1 : busy() / beside);
    int cores = Math.min(Math.min(found.cores(), items), Math.max(1, found.most()));
    double helpful =
        work == Work.CONTENDS ? dev.brigade.measure.Classifier.helpful(figures) : Double.MAX_VALUE;
    int virtual = choice.engine().equals("virtual") ? choice.limit() : Math.min(50, found.most());
    double all = items * each;
    double onVirtual = Math.max(all / Math.min(virtual, items), busy * all / found.cores());
    var estimates = new ArrayList<Estimate>();
    estimates.add(estimate(choice, "sequential", 1, all));
    Trial.Elsewhere e = found.elsewhere();
    double onCores = e != null ? items / e.here() : Math.max(all / cores, all / helpful);
    estimates.add(estimate(choice, "cores", cores, onCores));
    estimates.add(estimate(choice, "virtual", virtual, Math.max(onVirtual, all / helpful)));
    if (e != null && e.there() > 0)
      estimates.add(estimate(choice, e.engine().traits().name(), e.width(), items / e.there()));
    return estimates;
  }

  private static Estimate estimate(Choice choice, String way, int limit, double nanos) {
    boolean chosen = choice.engine().equals(way);
    return new Estimate(way, limit, Duration.ofNanos((long) nanos), chosen);
  }

  private String why() {
    String busy = percent(busy());
    return switch (work) {
      case TINY -> "That was too little work to be worth more than one thread.";
      case COMPUTES ->
          "This work computes: "
              + of()
              + busy
              + " of the time was spent on a core"
              + queue()
              + ". More at once than there are cores gains nothing.";
      case WAITS ->
          "This work waits: "
              + of()
              + busy
              + " of the time was spent on a core"
              + queue()
              + ". Waiting costs nothing on virtual threads, so as many run at once as it helps.";
      case MIXED ->
          "This work computes and waits: "
              + of()
              + busy
              + " of the time was spent on a core"
              + queue()
              + ", so it takes about "
              + dev.brigade.measure.Classifier.start(busy(), found.cores())
              + " at once to keep "
              + found.cores()
              + " cores busy.";
      case CONTENDS ->
          "Redesign: shared state. The items wait for one another: "
              + of()
              + percent(figures.lockedShare())
              + " of the time was spent waiting for a lock"
              + (found.lockedAt().isEmpty() ? "" : ", in " + found.lockedAt())
              + ". More threads make that worse; give each item state of its own and combine the"
              + " results, or hold the lock for less.";
    };
  }

  /** What came of the engine elsewhere, if it was tried. */
  private @Nullable String elsewhere() {
    Trial.Elsewhere e = found.elsewhere();
    if (e == null) return null;
    String name = e.engine().traits().name();
    if (!e.refusal().isEmpty())
      return "It stayed in this JVM, since " + name + " took no items: " + e.refusal() + ".";
    if (e.there() == 0)
      return "It stayed in this JVM, since no item came back from " + name + " in time.";
    return String.format(
        Locale.ROOT,
        "Tried out, %s did %s items a second and this JVM %s: %.2g times as many, so the rest %s.",
        name,
        rate(e.there()),
        rate(e.here()),
        e.there() / e.here(),
        e.chosen() ? "went there" : "stayed here");
  }

  private static String rate(double perNano) {
    double s = perNano * 1e9;
    return String.format(Locale.ROOT, s >= 100 ? "%,.0f" : "%.2g", s);
  }

  private String of() {
    return "of "
        + Math.max(1, figures.items())
        + " measured on "
        + (figures.threads() == 1 ? "one thread, " : figures.threads() + " threads, ");
  }

  private String queue() {
    double share = figures.queuedNanos() / (double) Math.max(1, figures.wallNanos());
    return share < 0.05
        ? ""
        : " (the "
            + percent(share)
            + " in which they queued for a core taken off: the machine is busy)";
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", share * 100);
  }

  private String code(Choice choice) {
    String call = "." + shape + "(items, f)";
    Trial.Elsewhere e = found.elsewhere();
    if (e != null && e.chosen()) return "Tasks.on(" + e.engine().traits().name() + ")" + call;
    if (choice.limit() == 1 || choice.engine().equals("sequential"))
      return "Tasks.limit(1)" + call + ", or a plain loop";
    if (choice.engine().equals("cores")) return "Tasks.on(Engine.cores())" + call;
    return "Tasks.limit(" + choice.limit() + ")" + call;
  }
}
