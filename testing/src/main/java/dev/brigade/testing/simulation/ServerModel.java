package dev.brigade.testing.simulation;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link SimulatedServer} is like: so many places to work in, a queue before them, and what
 * goes wrong when too much is asked of it. Immutable; begin with {@link #of} and add what it has.
 *
 * {@snippet :
 * ServerModel shop = ServerModel.of(20, ServiceTime.exponential(Duration.ofMillis(30)))
 *     .network(Duration.ofMillis(5))
 *     .queue(40);
 * }
 *
 * @param slots how many requests it works on at once; {@link #UNCAPPED} for no bound
 * @param service how long it works on one
 * @param network what each answer takes on the way, rejections included
 * @param queue how many may wait for a slot; one more is answered with 503
 * @param congestion how much slower it gets as more than the slots are in the system: the factor is
 *     1 + congestion × (in system / slots − 1); 0 for not at all
 * @param rate how many it admits before it answers 429, or null for any
 * @param step a sudden change, or null
 * @param cold a slow beginning, or null
 * @param faults requests that fail whatever the load, or null
 */
public record ServerModel(
    int slots,
    ServiceTime service,
    Duration network,
    int queue,
    double congestion,
    @Nullable Rate rate,
    @Nullable Step step,
    @Nullable Cold cold,
    @Nullable Faults faults) {
  /** As many slots as requests come. */
  public static final int UNCAPPED = Integer.MAX_VALUE;

  /** Checks each value. */
  public ServerModel {
    Objects.requireNonNull(service, "service");
    atLeast("slots", slots, 1);
    atLeast("queue", queue, 0);
    atLeast("network", network.toNanos(), 0);
    atLeast("congestion", congestion, 0);
    if (step != null && (slots == UNCAPPED) != (step.slots == UNCAPPED))
      throw new IllegalArgumentException(
          "slots must be bounded before and after the step, or neither, but were "
              + slots
              + " and "
              + step.slots);
  }

  /**
   * A bucket of tokens.
   *
   * @param perSecond how many requests it admits in a second
   * @param burst how many at once after a pause
   */
  public record Rate(double perSecond, double burst) {
    /** Checks each value. */
    public Rate {
      positive("perSecond", perSecond);
      atLeast("burst", burst, 1);
    }
  }

  /**
   * What changes once.
   *
   * @param after since the beginning
   * @param slots from then on
   * @param slower the factor of the service time from then on; less than 1 is faster
   */
  public record Step(Duration after, int slots, double slower) {
    /** Checks each value. */
    public Step {
      atLeast("after", after.toNanos(), 0);
      atLeast("slots", slots, 1);
      positive("slower", slower);
    }
  }

  /**
   * A beginning that is slow, as of a JVM or a cache that warms up.
   *
   * @param slower the factor of the service time at the very beginning
   * @param fading the time in which what it has above 1 falls to a third
   */
  public record Cold(double slower, Duration fading) {
    /** Checks each value. */
    public Cold {
      atLeast("slower", slower, 1);
      positive("fading", fading.toNanos());
    }
  }

  /**
   * What fails whatever the load, such as on one dead host of many: it takes no slot.
   *
   * @param share of the requests
   * @param after when the client has the 503, or gives up
   */
  public record Faults(double share, Duration after) {
    /** Checks each value. */
    public Faults {
      if (!(share >= 0 && share < 1))
        throw new IllegalArgumentException(
            "share must be at least 0 and less than 1, but was " + share);
      atLeast("after", after.toNanos(), 0);
    }
  }

  private static void atLeast(String name, double value, double least) {
    if (!(value >= least))
      throw new IllegalArgumentException(
          name + " must be at least " + least + ", but was " + value);
  }

  private static void positive(String name, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY))
      throw new IllegalArgumentException(name + " must be more than 0, but was " + value);
  }

  /** A server with so many slots and an unlimited queue. */
  public static ServerModel of(int slots, ServiceTime service) {
    return new ServerModel(slots, service, Duration.ZERO, UNCAPPED, 0, null, null, null, null);
  }

  /** A server that works on any number at once. */
  public static ServerModel uncapped(ServiceTime service) {
    return of(UNCAPPED, service);
  }

  /** With this much time on the way for each answer. */
  public ServerModel network(Duration onTheWay) {
    return new ServerModel(slots, service, onTheWay, queue, congestion, rate, step, cold, faults);
  }

  /** With room for so many that wait; further ones are answered with 503. */
  public ServerModel queue(int room) {
    return new ServerModel(slots, service, network, room, congestion, rate, step, cold, faults);
  }

  /** Slower the more wait, so that goodput falls past the knee. */
  public ServerModel congested(double factor) {
    return new ServerModel(slots, service, network, queue, factor, rate, step, cold, faults);
  }

  /** With a rate limit that answers 429. */
  public ServerModel rate(double perSecond, double burst) {
    var bucket = new Rate(perSecond, burst);
    return new ServerModel(slots, service, network, queue, congestion, bucket, step, cold, faults);
  }

  /** With another number of slots, and another speed, from some time on. */
  public ServerModel step(Duration after, int newSlots, double slower) {
    var change = new Step(after, newSlots, slower);
    return new ServerModel(slots, service, network, queue, congestion, rate, change, cold, faults);
  }

  /** Slow at the beginning. */
  public ServerModel cold(double slower, Duration fading) {
    var beginning = new Cold(slower, fading);
    return new ServerModel(
        slots, service, network, queue, congestion, rate, step, beginning, faults);
  }

  /** With so many requests that fail whatever the load, after such a time. */
  public ServerModel failing(double share, Duration after) {
    var some = new Faults(share, after);
    return new ServerModel(slots, service, network, queue, congestion, rate, step, cold, some);
  }
}
