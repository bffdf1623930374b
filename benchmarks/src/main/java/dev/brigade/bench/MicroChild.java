package dev.brigade.bench;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The main class of the JVM that runs one case, and the lines in which it reports to the JVM that
 * started it.
 */
final class MicroChild {
  private static final String MARK = "#bench";

  /** Less than this part of the warm-up would measure cold code: rather no figure than that. */
  private static final int COLD = 3;

  private MicroChild() {}

  /** Arguments: bench, index of the case, whether quick, milliseconds that this JVM may take. */
  public static void main(String[] args) throws Exception {
    long start = System.nanoTime();
    Plan plan = Plan.of(Boolean.parseBoolean(args[2]));
    MicroCase one =
        ((MicroBench) Benches.named(args[0])).cases(plan).get(Integer.parseInt(args[1]));
    long deadline = start + Duration.ofMillis(Long.parseLong(args[3])).toNanos();
    Runnable work = () -> run(one, plan, deadline);
    if (one.mainThread()) work.run();
    else Thread.ofVirtual().start(work).join();
    System.exit(0);
  }

  private static void run(MicroCase one, Plan plan, long deadline) {
    var printer = new Printer();
    Map<String, TimedSide> timed = new LinkedHashMap<>();
    var sides = Rounds.open(one.contenders(), printer);
    sides.forEach((name, side) -> {
      if (!side.note().isEmpty()) printer.noted(name, side.note());
      timed.put(
          name,
          new TimedSide(
              side,
              plan.slice().toNanos(),
              nanos -> one.value().applyAsDouble(nanos / one.itemsPerOperation())));
    });
    long whole = plan.warmUp().toNanos() * timed.size();
    long third = (deadline - System.nanoTime()) / 3;
    TimedSide.warmUp(timed, Math.clamp(third, whole / COLD, whole), printer);
    Rounds.interleave(timed, plan.rounds(), deadline, printer);
    sides.values().forEach(Side::close);
  }

  /** Hands the lines of a child to the listener. Returns the side that ran last. */
  static String replay(List<String> lines, Rounds.Listener listener) {
    String last = Contender.OURS;
    for (String line : lines) {
      String[] part = line.split("\t", 4);
      if (part.length < 4 || !part[0].equals(MARK)) continue;
      String side = part[2];
      switch (part[1]) {
        case "start" -> last = side;
        case "sample" -> listener.sampled(side, new double[] {Double.parseDouble(part[3])});
        case "skip" -> listener.skipped(side, part[3]);
        case "note" -> listener.noted(side, part[3]);
        default -> throw new IllegalStateException("unknown line: " + line);
      }
    }
    return last;
  }

  private static final class Printer implements Rounds.Listener {
    private String running = "";

    @Override
    public void sampled(String side, double[] values) {
      print("sample", side, Double.toString(values[0]));
    }

    @Override
    public void skipped(String side, String why) {
      print("skip", side, why);
    }

    @Override
    public void noted(String side, String note) {
      print("note", side, note);
    }

    @Override
    public void starting(String side) {
      if (side.equals(running)) return;
      running = side;
      print("start", side, "");
    }

    private static void print(String what, String side, String text) {
      System.out.println(String.join("\t", MARK, what, side, text.replace('\t', ' ')));
      System.out.flush();
    }
  }
}
