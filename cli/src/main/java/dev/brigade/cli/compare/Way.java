package dev.brigade.cli.compare;

import dev.brigade.auto.Advice;
import dev.brigade.engine.Engine;
import dev.brigade.task.Tasks;
import dev.brigade.task.VoidFn;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A way of running the items of a workload. */
public enum Way {
  /** One after the other, in a loop. */
  SEQUENTIAL,
  /** Platform threads, opened for the run and closed after it. */
  THREADS,
  /** Virtual threads. */
  VIRTUAL,
  /** The threads of the cores engine. */
  CORES,
  /** Worker processes, opened before the run; only for work that can travel to them. */
  PROCESSES,
  /** Whatever {@link Tasks#auto()} finds best. */
  AUTO;

  /** Those that do several items at once in this process, and do not choose how. */
  static final Set<Way> AT_ONCE = Set.of(THREADS, VIRTUAL, CORES);

  /** Those that the work can be run in. */
  static List<Way> of(Workload work) {
    var all = new ArrayList<>(List.of(values()));
    if (work.travelling() == null) all.remove(PROCESSES);
    return all;
  }

  /** As people see it. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** As it reads in a sentence. */
  String inProse() {
    return switch (this) {
      case SEQUENTIAL -> "a plain loop";
      case THREADS -> "platform threads";
      case VIRTUAL -> "virtual threads";
      case CORES -> "the cores engine";
      case PROCESSES -> "processes";
      case AUTO -> "auto";
    };
  }

  /** How many items it has in progress at most. */
  int atOnce(Workload work) {
    return switch (this) {
      case SEQUENTIAL -> 1;
      case THREADS, VIRTUAL, AUTO -> work.limit();
      case CORES, PROCESSES -> Math.min(work.limit(), Engine.cores().traits().defaultLimit());
    };
  }

  /** Runs every item, and returns when all have ended. */
  void run(Workload work) throws Exception {
    try (Workers workers = this == PROCESSES ? Workers.open(atOnce(work)) : null) {
      run(work, work.size(), advice -> {}, workers);
    }
  }

  /**
   * Runs the first items.
   *
   * @param advised is told what was chosen and why, by the way that chooses
   * @param workers for the way that needs them
   */
  void run(Workload work, int count, Consumer<? super Advice> advised, @Nullable Workers workers)
      throws Exception {
    List<Integer> items = IntStream.range(0, count).boxed().toList();
    int atOnce = atOnce(work);
    switch (this) {
      case SEQUENTIAL -> PlainLoop.run(items, work);
      case THREADS -> {
        try (Engine threads = Engine.openThreads(atOnce)) {
          Tasks.on(threads).limit(atOnce).forEach(items, work::run);
        }
      }
      case VIRTUAL -> Tasks.limit(atOnce).forEach(items, work::run);
      case CORES -> Tasks.on(Engine.cores()).limit(atOnce).forEach(items, work::run);
      case PROCESSES -> {
        VoidFn<Integer, ?> item = Objects.requireNonNull(work.travelling(), "work that can travel");
        Objects.requireNonNull(workers, "workers").run(items, item);
      }
      case AUTO -> Tasks.auto().advised(advised).limit(atOnce).forEach(items, work::run);
    }
  }
}
