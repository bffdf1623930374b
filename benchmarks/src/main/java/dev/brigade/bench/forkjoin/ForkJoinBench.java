package dev.brigade.bench.forkjoin;

import dev.brigade.bench.MicroBench;
import dev.brigade.bench.MicroCase;
import dev.brigade.bench.MissingPeer;
import dev.brigade.bench.Plan;
import dev.brigade.bench.Side;
import java.util.List;

/** A scope is opened, one task or a thousand are forked in it and joined, and it is closed. */
public final class ForkJoinBench implements MicroBench {
  @Override
  public String name() {
    return "fork-join";
  }

  @Override
  public String about() {
    return "open a scope, fork and join 1 or 1000 no-op tasks, close it";
  }

  @Override
  public List<MicroCase> cases(Plan plan) {
    return List.of(
        one(1, 1.0), one(1000, 1.1), one(1, 1.0).onMainThread(), one(1000, 1.1).onMainThread());
  }

  private static MicroCase one(int tasks, double goal) {
    return MicroCase.nanos(tasks == 1 ? "1 task" : tasks + " tasks", "ns/task", tasks)
        .withOurs(() -> new Ours(tasks))
        .withPeer("StructuredTaskScope", goal, () -> preview("StructuredScope", tasks))
        .withPeer("raw virtual thread", () -> new RawVirtualThread(tasks))
        .withPeer("Jox", () -> preview("JoxScope", tasks))
        .withPeer("CompletableFuture", () -> Futures.onCommonPool(tasks))
        .withPeer("CompletableFuture, virtual threads", () -> Futures.onVirtualThreads(tasks));
  }

  private static Side preview(String side, int tasks) throws Exception {
    return MissingPeer.load(Side.class, ForkJoinBench.class, side, tasks);
  }
}
