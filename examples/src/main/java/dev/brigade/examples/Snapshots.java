package dev.brigade.examples;

import dev.brigade.observe.Observers;
import dev.brigade.observe.Snapshot;
import dev.brigade.task.Tasks;
import dev.brigade.task.Work;
import java.util.List;
import java.util.stream.Stream;

/** Looks at the tasks that are alive. */
final class Snapshots {
  private Snapshots() {}

  /** Runs work so that snapshots know the line of each fork: while somebody observes, they do. */
  static <T> T withLines(Work<T, Exception> work) throws Exception {
    try (var _ = Observers.register(_ -> {})) {
      return work.call();
    }
  }

  /** The tasks alive in the scopes of this name. */
  static List<Snapshot.Node> inScope(String name) {
    return Tasks.snapshot().roots().stream()
        .flatMap(Snapshots::all)
        .filter(scope -> scope.name().equals(name))
        .flatMap(scope -> scope.children().stream())
        .toList();
  }

  private static Stream<Snapshot.Node> all(Snapshot.Node node) {
    return Stream.concat(Stream.of(node), node.children().stream().flatMap(Snapshots::all));
  }
}
