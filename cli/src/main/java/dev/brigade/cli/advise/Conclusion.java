package dev.brigade.cli.advise;

/** Where the questions lead: what to use, a program to begin with, and where to read on. */
public enum Conclusion {
  /** Not worth it. */
  PLAIN(
      "Plain sequential code is fine: it is over before a second thread would have begun.",
      "docs/guide/tasks.md",
      """
      void main() {
        for (String item : List.of("a", "b", "c")) IO.println(item.toUpperCase());
      }
      """),
  /** A few different calls that wait. */
  FEW_WAITING(
      "Run the few calls together on virtual threads; each keeps its type and its exceptions.",
      "docs/guide/tasks.md",
      """
      import dev.brigade.task.Tasks;

      void main() throws Exception {
        var both = Tasks.all(() -> user(7), () -> orders(7));
        IO.println(both.first() + " has " + both.second());
      }

      String user(int id) throws InterruptedException {
        Thread.sleep(100);
        return "user " + id;
      }

      List<String> orders(int id) throws InterruptedException {
        Thread.sleep(100);
        return List.of("an order");
      }
      """),
  /** The same call many times, and it waits. */
  MANY_WAITING(
      "Run them on virtual threads, with a limit that the other side can bear.",
      "docs/guide/tasks.md",
      """
      import dev.brigade.task.Tasks;

      void main() throws Exception {
        List<Integer> ids = IntStream.range(0, 200).boxed().toList();
        List<String> pages = Tasks.limit(64).map(ids, this::fetch);
        IO.println(pages.size() + " pages");
      }

      String fetch(int id) throws InterruptedException {
        Thread.sleep(50);
        return "page " + id;
      }
      """),
  /** It computes. */
  COMPUTING(
      "Run them on the cores: more at once than there are cores gains nothing.",
      "docs/guide/engines.md",
      """
      import dev.brigade.engine.Engine;
      import dev.brigade.task.Tasks;

      void main() throws Exception {
        List<Integer> numbers = IntStream.range(0, 1000).boxed().toList();
        List<Double> results = Tasks.on(Engine.cores()).map(numbers, this::compute);
        IO.println(results.size() + " results");
      }

      double compute(int n) {
        return IntStream.range(1, 10_000).mapToDouble(i -> Math.sqrt(n + i)).sum();
      }
      """),
  /** It does both, or nobody knows. */
  MEASURE(
      "Measure it: auto() runs the first items, looks what they do, and chooses.",
      "docs/guide/automatic-choice.md",
      """
      import dev.brigade.auto.Advice;
      import dev.brigade.task.Tasks;

      void main() throws Exception {
        List<Integer> items = IntStream.range(0, 200).boxed().toList();
        List<Double> rows = Tasks.auto().map(items, this::enrich);
        IO.println(Advice.of(rows));
      }

      double enrich(int n) throws InterruptedException {
        Thread.sleep(5);
        return IntStream.range(1, 100_000).mapToDouble(i -> Math.sqrt(n + i)).sum();
      }
      """),
  /** They change something shared, now and then. */
  SHARED_RARELY(
      "Share it through a structure made for that: Guarded, ConcurrentHashMap, LongAdder.",
      "docs/guide/tasks.md",
      """
      import dev.brigade.task.Guarded;
      import dev.brigade.task.Tasks;

      void main() throws Exception {
        var seen = new Guarded<>(new TreeSet<Integer>());
        Tasks.limit(8).forEach(IntStream.range(0, 100).boxed().toList(), n -> {
          Thread.sleep(5);
          seen.run(set -> set.add(n % 10));
        });
        IO.println(seen.call(set -> set.size()) + " different ones");
      }
      """),
  /** They change something shared all the time. */
  SHARED_OFTEN(
      "Redesign: give each item a result of its own and combine the results; a lock that everybody"
          + " wants makes threads useless.",
      "docs/guide/tasks.md",
      """
      import dev.brigade.engine.Engine;
      import dev.brigade.task.Tasks;

      void main() throws Exception {
        List<Integer> numbers = IntStream.range(0, 1000).boxed().toList();
        long sum = Tasks.on(Engine.cores()).mapReduce(numbers, n -> (long) n * n, 0L, Long::sum);
        IO.println(sum);
      }
      """),
  /** It may have to be killed. */
  ISOLATED(
      "Run them in worker processes: only a process can be killed for sure, and takes nothing with"
          + " it. A task that has not ended in time, or that crashes, costs its worker, which is"
          + " replaced.",
      "docs/guide/processes.md",
      """
      import dev.brigade.process.ProcessPool;
      import dev.brigade.process.TaskRules;
      import dev.brigade.task.Outcome;
      import dev.brigade.task.Tasks;

      void main() throws Exception {
        var rules = TaskRules.plain().withTimeout(Duration.ofSeconds(2));
        try (ProcessPool pool = ProcessPool.open(2)) {
          List<Outcome<Integer>> steps =
              Tasks.on(pool.with(rules)).settle(List.of(27, 0, 97), n -> steps(n));
          IO.println(steps); // the second is a DeadlineException: it never ends
        }
      }

      static int steps(long n) {
        int steps = 0;
        for (; n != 1; steps++) n = n % 2 == 0 ? n / 2 : 3 * n + 1;
        return steps;
      }
      """);

  private final String advice;
  private final String page;
  private final String program;

  Conclusion(String advice, String page, String program) {
    this.advice = advice;
    this.page = page;
    this.program = program;
  }

  /** What to do, in a sentence. */
  public String advice() {
    return advice;
  }

  /** The page to read, from the root of the checkout. */
  public String page() {
    return page;
  }

  /** A whole program. */
  public String program() {
    return program;
  }
}
