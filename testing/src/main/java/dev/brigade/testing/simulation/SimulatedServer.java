package dev.brigade.testing.simulation;

import dev.brigade.task.Waiter;
import dev.brigade.time.TimeSource;
import java.io.Serial;
import java.util.Objects;
import java.util.SplittableRandom;

/*
 * Design. Requests come in the order of time, and the queue is first come, first served, so what
 * becomes of a request is known when it comes: it begins when the next slot gets free. There are no
 * events, only heaps of times: when each slot gets free, when those who wait begin, and when each
 * admitted request leaves. The number of slots changes as soon as nobody can begin before the step:
 * slots that vanish are those that get free first, new ones are free from the step on.
 *
 * Guard: everything by the monitor.
 */
/**
 * A server that exists only as arithmetic, seeded, so that a run can be repeated exactly. Either
 * ask {@link #admit} what would become of a request (no threads; see {@link BatchRun}), or let real
 * code call {@link #handle}, which blocks on a clock for as long as the answer takes.
 *
 * {@snippet :
 * ServerModel model = ServerModel.of(20, ServiceTime.exponential(Duration.ofMillis(30)));
 * SimulatedServer server = new SimulatedServer(model, 1);
 * VirtualClock clock = new VirtualClock();
 * Tasks.time(clock).limit(20).forEach(ids, id -> server.handle(clock));
 * }
 *
 * <p>Thread-safe. Cost: some hundred nanoseconds a request.
 */
public final class SimulatedServer {
  /** The longest a simulated service may take: a day. */
  private static final double MOST_NANOS = 86_400e9;

  private final ServerModel model;
  private final SplittableRandom random;
  private final long networkNanos;
  private final TimeHeap free = new TimeHeap();
  private final TimeHeap leaving = new TimeHeap();
  private final TimeHeap beginning = new TimeHeap();
  private int slots;
  private boolean stepped;
  private double tokens;
  private long latest;
  private boolean begun;
  private long origin;
  private int mostInside;

  /** A server that is at its beginning. */
  public SimulatedServer(ServerModel model, long seed) {
    this.model = Objects.requireNonNull(model, "model");
    random = new SplittableRandom(seed);
    networkNanos = model.network().toNanos();
    slots = model.slots();
    stepped = model.step() == null;
    if (model.rate() != null) tokens = model.rate().burst();
    if (bounded()) for (int i = 0; i < slots; i++) free.add(0, 0);
  }

  /**
   * What becomes of a request.
   *
   * @param atNanos when the client has the answer
   * @param status 200, 429 or 503
   */
  public record Reply(long atNanos, int status) {
    /** Whether the server did the work. */
    public boolean good() {
      return status == 200;
    }
  }

  /**
   * Takes a request.
   *
   * @param nowNanos since the server began; a time before that of the call before counts as that
   */
  public synchronized Reply admit(long nowNanos) {
    long now = Math.max(latest, nowNanos);
    step(now);
    leaving.forget(now);
    beginning.forget(now);
    boolean admitted = takeToken(now);
    latest = now;
    var faults = model.faults();
    if (faults != null && random.nextDouble() < faults.share())
      return new Reply(now + faults.after().toNanos(), 503);
    if (!admitted) return new Reply(now + networkNanos, 429);
    if (beginning.size() >= model.queue() && !slotIsFree(now))
      return new Reply(now + networkNanos, 503);
    long begin = bounded() ? Math.max(now, takeSlot()) : now;
    double service = model.service().drawNanos(random) * slowdown(begin);
    long end = begin + Math.max(1, Math.round(Math.min(MOST_NANOS, service)));
    if (bounded()) free.add(end, 0);
    leaving.add(end, 0);
    mostInside = Math.max(mostInside, leaving.size());
    if (begin > now) beginning.add(begin, 0);
    return new Reply(end + networkNanos, 200);
  }

  private boolean bounded() {
    return slots != ServerModel.UNCAPPED;
  }

  private boolean slotIsFree(long now) {
    return !bounded() || free.least() <= now;
  }

  private long takeSlot() {
    long at = free.least();
    int unused = free.poll();
    return at;
  }

  private boolean takeToken(long now) {
    var rate = model.rate();
    if (rate == null) return true;
    tokens = Math.min(rate.burst(), tokens + (now - latest) / 1e9 * rate.perSecond());
    if (tokens < 1) return false;
    tokens--;
    return true;
  }

  private double slowdown(long begin) {
    double factor = 1;
    var step = model.step();
    if (step != null && begin >= step.after().toNanos()) factor = step.slower();
    var cold = model.cold();
    if (cold != null)
      factor *= 1 + (cold.slower() - 1) * Math.exp(-(double) begin / cold.fading().toNanos());
    double over = (leaving.size() + 1.0) / slots - 1;
    return over > 0 ? factor * (1 + model.congestion() * over) : factor;
  }

  private void step(long now) {
    var step = model.step();
    if (stepped || step == null) return;
    long at = step.after().toNanos();
    // Also when all slots are taken until then: whoever comes now begins after it.
    if (now < at && (!bounded() || free.least() < at)) return;
    stepped = true;
    int before = slots;
    slots = step.slots();
    if (!bounded()) return;
    for (int i = before; i < slots; i++) free.add(at, 0);
    for (int i = slots; i < before; i++) {
      int unused = free.poll();
    }
  }

  /** The most requests that were ever in the server at once. */
  public synchronized int mostInside() {
    return mostInside;
  }

  /**
   * Sends a request from the current thread, which waits on the clock until the answer is there.
   * The first call is the server's beginning. Who is interrupted leaves; the server works on.
   *
   * @throws RejectedException if the answer is 429 or 503, once it is there
   */
  public void handle(TimeSource time) throws RejectedException, InterruptedException {
    Reply reply;
    synchronized (this) {
      long now = time.nanoTime();
      if (!begun) origin = now;
      begun = true;
      reply = admit(now - origin);
    }
    var waiter = new Waiter(time);
    boolean unused = waiter.await(this, origin + reply.atNanos());
    if (!reply.good()) throw new RejectedException(reply.status());
  }

  /** The server answered 429 or 503. */
  public static final class RejectedException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    /** The status of the answer. */
    private final int status;

    RejectedException(int status) {
      super("the simulated server answered " + status);
      this.status = status;
    }

    /** 429 for too many in a time, 503 for a full queue. */
    public int status() {
      return status;
    }
  }

  @Override
  public String toString() {
    return "the simulated server's answer";
  }
}
