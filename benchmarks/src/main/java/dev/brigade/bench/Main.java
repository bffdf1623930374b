package dev.brigade.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code ./bench --list} and {@code ./bench NAME... [--quick] [--json]}. Rows go to stdout,
 * everything else to stderr.
 */
public final class Main {
  private static final int USAGE = 2;

  private Main() {}

  public static void main(String[] args) throws Exception {
    boolean quick = false;
    boolean json = false;
    boolean list = args.length == 0;
    var chosen = new ArrayList<Bench>();
    for (String arg : args) {
      switch (arg) {
        case "--quick" -> quick = true;
        case "--json" -> json = true;
        case "--list" -> list = true;
        case "--help", "-h" -> {
          System.out.println(
              "usage: ./bench --list\n       ./bench NAME... [--quick] [--json]   (all: every name)");
          return;
        }
        case "all" -> chosen.addAll(Benches.ALL);
        default -> {
          var named = Benches.ALL.stream().filter(bench -> bench.name().equals(arg)).findFirst();
          if (named.isEmpty()) {
            System.err.println(
                "bench: '" + arg + "' is not the name of a bench or an option; names: " + names());
            System.exit(USAGE);
          }
          chosen.add(named.orElseThrow());
        }
      }
    }
    if (list) {
      for (Bench bench : Benches.ALL) System.out.printf("%-10s %s%n", bench.name(), bench.about());
      return;
    }
    if (chosen.isEmpty()) {
      System.err.println("bench: name at least one bench; names: " + names());
      System.exit(USAGE);
    }
    System.err.println(machine());
    for (Bench bench : chosen) run(bench, Plan.of(quick), json);
  }

  private static void run(Bench bench, Plan plan, boolean json) throws Exception {
    System.err.println("running " + bench.name() + (plan.quick() ? " (quick)" : "") + " ...");
    List<Row> rows = new ArrayList<>();
    bench.run(
        plan,
        row -> {
          rows.add(row);
          if (json) System.out.println(row.json());
        });
    if (!json) System.out.println(Table.of(bench, rows));
  }

  private static String names() {
    return String.join(", ", Benches.ALL.stream().map(Bench::name).toList());
  }

  private static String machine() {
    var os = ManagementFactory.getOperatingSystemMXBean();
    return "JDK %s, %s %s, %d cores, load %.1f"
        .formatted(
            Runtime.version(),
            os.getName(),
            os.getArch(),
            os.getAvailableProcessors(),
            os.getSystemLoadAverage());
  }
}
