package dev.brigade.testing;

import dev.brigade.observe.Snapshot;
import dev.brigade.task.Tasks;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Looks after each test at what runs that did not run before. */
final class LeakExtension implements BeforeEachCallback, AfterEachCallback {
  private static final ExtensionContext.Namespace OURS =
      ExtensionContext.Namespace.create(LeakExtension.class);
  private static final String PATIENCE = "brigade.leaks.patience.millis";
  private static final long PATIENCE_MILLIS = 5_000;
  private static final long POLL_NANOS = 5_000_000;

  LeakExtension() {}

  private record Before(long lastThreadId, long abandoned, List<String> roots) {}

  @Override
  public void beforeEach(ExtensionContext context) {
    // Ids go up, so this one, which is never started, parts the threads before from those after.
    long id = new Thread().threadId();
    Snapshot now = Tasks.snapshot();
    context.getStore(OURS).put("before", new Before(id, now.abandoned(), roots(now)));
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    Before before = Objects.requireNonNull(context.getStore(OURS).remove("before", Before.class));
    long patience =
        context.getConfigurationParameter(PATIENCE).map(Long::valueOf).orElse(PATIENCE_MILLIS);
    long end = System.nanoTime() + patience * 1_000_000;
    List<String> left = left(before);
    while (!left.isEmpty() && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(POLL_NANOS);
      left = left(before);
    }
    if (!left.isEmpty())
      throw new AssertionError("the test left behind:\n" + String.join("\n", left));
  }

  private static List<String> left(Before before) throws Exception {
    List<String> left = new ArrayList<>();
    Snapshot snapshot = Tasks.snapshot();
    List<String> roots = roots(snapshot);
    before.roots.forEach(roots::remove);
    if (!roots.isEmpty()) left.add("open scopes " + roots + ", among\n" + snapshot.toText());
    long abandoned = snapshot.abandoned() - before.abandoned;
    if (abandoned > 0) left.add(abandoned + " abandoned tasks that still run");
    left.addAll(LiveThreads.startedAfter(before.lastThreadId));
    return left;
  }

  /** What tells one root from another: a thread has one scope that is not inside another. */
  private static List<String> roots(Snapshot snapshot) {
    List<String> roots = new ArrayList<>();
    for (Snapshot.Node root : snapshot.roots()) roots.add(root.name() + " on " + root.thread());
    return roots;
  }
}
