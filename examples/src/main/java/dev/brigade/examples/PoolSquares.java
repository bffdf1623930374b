package dev.brigade.examples;

import dev.brigade.process.ProcessPool;
import dev.brigade.task.Tasks;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Twenty squares on a pool of four processes. (Python: {@code Pool(4).map}.) */
final class PoolSquares {
  private static final int PROCESSES = 4;

  private PoolSquares() {}

  static void main() throws Exception {
    Examples.runHere("pool-squares");
  }

  /** A square, and where it was computed. */
  record Square(int value, long pid) implements java.io.Serializable {}

  static void show(Report report) throws Exception {
    List<Integer> numbers = IntStream.range(0, 20).boxed().toList();
    Gathering gathering = Gathering.of(PROCESSES);
    List<Square> squares;
    try (ProcessPool pool = ProcessPool.open(PROCESSES)) {
      squares =
          Tasks.on(pool)
              .map(
                  numbers,
                  n -> {
                    // The first ones wait for each other: so it is seen that four run at once.
                    if (n < PROCESSES && !gathering.arrive()) return new Square(-1, 0);
                    return new Square(n * n, ProcessHandle.current().pid());
                  });
    } finally {
      gathering.close();
    }
    report.equal(
        "results",
        numbers.stream().map(n -> n * n).toList(),
        squares.stream().map(Square::value).toList());
    Set<Long> pids = new HashSet<>();
    for (Square s : squares) pids.add(s.pid());
    report.equal("processes at once", PROCESSES, pids.size());
  }
}
