package dev.brigade.examples;

import java.util.List;
import java.util.Optional;

/** The catalogue of the examples. */
public final class Examples {
  private static final List<Example> ALL =
      List.of(
          new Example(
              "two-threads",
              Theme.WAITING,
              "001",
              "Two tasks of 2 and 1 units are done after 2 units, not 3.",
              TwoThreads::show),
          new Example(
              "downloads-pool",
              Theme.WAITING,
              "001",
              "Four downloads on a pool of four take 1 unit instead of 4.",
              DownloadsPool::show),
          new Example(
              "gather",
              Theme.WAITING,
              "001, 003, 004",
              "Three tasks of 2, 1 and 3 units take 3 units together, not 6; results keep their order.",
              Gather::show),
          new Example(
              "sequential-or-not",
              Theme.WAITING,
              "003",
              "Three calls awaited in a row take 3 units, together they take 1.",
              SequentialOrNot::show),
          new Example(
              "hundred",
              Theme.WAITING,
              "003",
              "A hundred fetches together are about a hundred times as fast as one by one.",
              Hundred::show),
          new Example(
              "ten-sleeps",
              Theme.WAITING,
              "004",
              "Ten waits take 10 units in a row, 1 on threads, 1 on virtual threads; computing is bound by the cores.",
              TenSleeps::show),
          new Example(
              "fetch-json",
              Theme.WAITING,
              "000, 004",
              "Many URLs are fetched and parsed over one client, which uses its connections again.",
              FetchJson::show),
          new Example(
              "downloads-async",
              Theme.WAITING,
              "001",
              "Three downloads delayed by 1, 2 and 1 units take 2 units, not 4.",
              DownloadsAsync::show),
          new Example(
              "user-posts-comments",
              Theme.WAITING,
              "000",
              "Three different calls run together and give one result of three types.",
              UserPostsComments::show),
          new Example(
              "files",
              Theme.WAITING,
              "000, 001, 003",
              "Many files are read and written at once, with a bound on the open ones.",
              ManyFiles::show),
          new Example(
              "blocking-call",
              Theme.WAITING,
              "003",
              "A blocking call stops a loop of one thread; handed to another executor it does not.",
              BlockingCall::show),
          new Example(
              "cashiers",
              Theme.COMPUTING,
              "000, 003",
              "One cashier serves two customers in turns; two cashiers serve both at the same time.",
              Cashiers::show),
          new Example(
              "worker-count",
              Theme.COMPUTING,
              "001",
              "More workers than cores don't make computing faster, they only add overhead.",
              WorkerCount::show),
          new Example(
              "sum-squares",
              Theme.COMPUTING,
              "003, 004",
              "Computing over data sets on all cores gives the same results sooner.",
              SumSquares::show),
          new Example(
              "cpu-from-io",
              Theme.COMPUTING,
              "000, 003, 004",
              "Fetch concurrently and compute on the cores, both at the same time.",
              CpuFromIo::show),
          new Example(
              "map-reduce",
              Theme.COMPUTING,
              "002",
              "Split, compute and combine in a fixed order gives the same result every time.",
              MapReduce::show),
          new Example(
              "master-worker",
              Theme.COMPUTING,
              "002",
              "One hands out the work and many do it; who is slow gets less of it.",
              MasterWorker::show),
          new Example(
              "advice",
              Theme.COMPUTING,
              "000, 001, 004",
              "Measure first: whether work waits or computes decides where to run it.",
              MeasuredAdvice::show),
          new Example(
              "processes-pid",
              Theme.PROCESSES,
              "001",
              "Four processes each have a number of their own, and none runs the program again.",
              ProcessesPid::show),
          new Example(
              "pool-squares",
              Theme.PROCESSES,
              "001",
              "Twenty squares on a pool of four processes come back in order, four at a time.",
              PoolSquares::show),
          new Example(
              "primes-pool",
              Theme.PROCESSES,
              "001",
              "Primes are found on a pool of processes as well as on the cores.",
              PrimesPool::show),
          new Example(
              "one-stove",
              Theme.PROCESSES,
              "000, 001, 004",
              "Threads behind one lock gain nothing by being many; threads without it do, and processes do.",
              OneStove::show),
          new Example(
              "memory-models",
              Theme.PROCESSES,
              "001",
              "Threads share memory, processes don't, and each model has its cost.",
              MemoryModels::show),
          new Example(
              "web-worker",
              Theme.PROCESSES,
              "000",
              "A worker gets messages and answers them; a big buffer moves over without being copied.",
              WebWorker::show),
          new Example(
              "native-crash",
              Theme.PROCESSES,
              "001",
              "A process that crashes takes nothing with it.",
              NativeCrash::show),
          new Example(
              "runaway-regex",
              Theme.PROCESSES,
              "001",
              "A process can be ended, whatever its code does.",
              RunawayRegex::show),
          new Example(
              "memory-hog",
              Theme.PROCESSES,
              "001",
              "A process has memory of its own, and can be given a bound.",
              MemoryHog::show),
          new Example(
              "counter-lock",
              Theme.SHARING,
              "001, 004",
              "Four tasks that count to 100 000 each reach 400 000 with a lock; without it updates get lost.",
              CounterLock::show),
          new Example(
              "guarded",
              Theme.SHARING,
              "004",
              "A compound update is not safe even on a safe collection; under its lock it is.",
              GuardedValue::show),
          new Example(
              "semaphore",
              Theme.ENDING,
              "001",
              "Ten tasks all run, but never more than three at the same time.",
              AtMostThree::show),
          new Example(
              "ten-shops",
              Theme.ENDING,
              "001",
              "Prices are asked at ten shops together; neither the one that is down nor the slow one holds up the rest.",
              TenShops::show),
          new Example(
              "timeout",
              Theme.ENDING,
              "003",
              "A call that takes too long ends with a timeout and is aborted.",
              TimedCall::show),
          new Example(
              "rate-limit",
              Theme.ENDING,
              "003",
              "At most ten begin in any unit of time, wherever it begins.",
              PoliteRate::show),
          new Example(
              "retry",
              Theme.ENDING,
              "003",
              "A call that fails is made again after 1, 2 and 4 units; in the end its failure is thrown.",
              Retrying::show),
          new Example(
              "first-completed",
              Theme.ENDING,
              "003",
              "Waiting for the first of three leaves two pending, which then complete.",
              FirstCompleted::show),
          new Example(
              "callbacks",
              Theme.ENDING,
              "003",
              "A callback on a task is called when it is done, with its value or its failure.",
              Callbacks::show),
          new Example(
              "settle",
              Theme.ENDING,
              "003",
              "Failures come back as values, in order, and no exception is lost.",
              Settle::show),
          new Example(
              "promise-family",
              Theme.ENDING,
              "003",
              "all, allSettled, race and any each end by their own rule.",
              PromiseFamily::show),
          new Example(
              "connection",
              Theme.ENDING,
              "003",
              "A connection is closed when its block is left, however it is left.",
              AlwaysClosed::show),
          new Example(
              "pitfall-sequential-awaits",
              Theme.PITFALLS,
              "001, 003",
              "Awaiting calls in a row that could run together wastes their waiting time.",
              PitfallSequentialAwaits::show),
          new Example(
              "pitfall-forgotten-await",
              Theme.PITFALLS,
              "001, 003",
              "Forgetting to await a call is a mistake that nobody notices: its failure is never seen.",
              PitfallForgottenAwait::show),
          new Example(
              "pitfall-blocked-loop",
              Theme.PITFALLS,
              "001, 003",
              "A blocking call on the event loop stops everything else.",
              PitfallBlockedLoop::show),
          new Example(
              "pitfall-too-many",
              Theme.PITFALLS,
              "001, 003",
              "Too many tasks at once are overhead, or crash the server.",
              PitfallTooMany::show),
          new Example(
              "pitfall-race",
              Theme.PITFALLS,
              "001, 003",
              "Two that change the same thing without a lock lose updates.",
              PitfallRace::show),
          new Example(
              "pitfall-cpu-on-virtual",
              Theme.PITFALLS,
              "001, 003",
              "Computing where others wait stops all of them; it belongs on the cores.",
              PitfallCpuOnVirtual::show));

  private Examples() {}

  /**
   * All of them, by theme.
   *
   * @return in the order in which they are listed
   */
  public static List<Example> all() {
    return ALL;
  }

  /**
   * One of them.
   *
   * @param name as in {@link Example#name}
   * @return the example, if there is one of that name
   */
  public static Optional<Example> find(String name) {
    return ALL.stream().filter(e -> e.name().equals(name)).findFirst();
  }

  /** Runs one on standard output, for the mains of the examples. */
  static void runHere(String name) throws Exception {
    find(name).orElseThrow().run(System.out);
  }
}
