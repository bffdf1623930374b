package dev.brigade.bench.timeout;

import dev.brigade.bench.Contender;
import dev.brigade.bench.MicroBench;
import dev.brigade.bench.MicroCase;
import dev.brigade.bench.MissingPeer;
import dev.brigade.bench.Plan;
import java.util.List;

/** A timeout around a body that does nothing, alone and while many other timeouts are pending. */
public final class TimeoutBench implements MicroBench {
  private static final int PENDING = 100_000;

  @Override
  public String name() {
    return "timeout";
  }

  @Override
  public String about() {
    return "a no-op inside a timeout, alone and with 100 000 others pending";
  }

  @Override
  public List<MicroCase> cases(Plan plan) {
    return List.of(
        one("no-op", 0, plan),
        one("no-op", 0, plan).onMainThread(),
        one("no-op, 100 000 others pending", PENDING, plan));
  }

  @Override
  public int weight(MicroCase one) {
    return one.metric().caseName().contains("pending") ? 3 : 1;
  }

  private static MicroCase one(String caseName, int pending, Plan plan) {
    return MicroCase.nanos(caseName, "ns/call", 1)
        .withOurs(amid(pending, Ours::new))
        .withPeer(
            "StructuredTaskScope",
            pending > 0 ? 0.35 : 0.25,
            amid(pending, () -> preview("StructuredScope")))
        .withPeer("Jox", amid(pending, () -> jox(pending > 0 && plan.quick())))
        .withPeer("CompletableFuture.orTimeout", amid(pending, FutureOrTimeout::new))
        .withPeer("Future.get", amid(pending, FutureGet::new));
  }

  private static Contender.Opening<PendingOthers> amid(
      int pending, Contender.Opening<TimeoutSide> side) {
    return () -> new PendingOthers(side.open(), pending);
  }

  private static TimeoutSide jox(boolean tooSlow) throws Exception {
    if (tooSlow)
      throw new MissingPeer(
          "its 100 000 pending timeouts take some 10 s to set up for each round: run without --quick");
    return preview("JoxTimeout");
  }

  private static TimeoutSide preview(String side) throws Exception {
    return MissingPeer.load(TimeoutSide.class, TimeoutBench.class, side);
  }
}
