package dev.brigade.testing.simulation;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Batches to try a limit on. The algorithm was developed on the {@linkplain #reference reference}
 * ones; the {@linkplain #heldOut held-out} and the {@linkplain #drawn drawn} ones were only looked
 * at. Each lasts about 400 round trips at its best limit.
 */
public final class Scenarios {
  /** The greatest limit that the batches are meant for. */
  public static final int MOST = 512;

  private Scenarios() {}

  private static Duration ms(double millis) {
    return Duration.ofNanos(Math.round(millis * 1e6));
  }

  private static ServiceTime logNormal(double millis, double sigma) {
    return ServiceTime.logNormal(ms(millis), sigma);
  }

  private static ServiceTime exponential(double millis) {
    return ServiceTime.exponential(ms(millis));
  }

  private static ServiceTime pareto(double millis, double shape) {
    return ServiceTime.pareto(ms(millis), shape);
  }

  /** Twelve kinds of servers. */
  public static List<Scenario> reference() {
    return List.of(
        new Scenario("fixed", ServerModel.of(20, logNormal(40, 0.3)).network(ms(10)), 10_000),
        new Scenario("wide", ServerModel.of(120, exponential(50)).network(ms(10)), 40_000),
        new Scenario(
            "bimodal", ServerModel.of(32, ServiceTime.bimodal(ms(10), ms(100), 0.2)), 12_000),
        new Scenario("heavy tail", ServerModel.of(24, pareto(30, 1.5)), 10_000),
        new Scenario("retrograde", ServerModel.of(20, exponential(30)).congested(0.5), 8_000),
        new Scenario(
            "step down", ServerModel.of(48, logNormal(40, 0.5)).step(ms(8_000), 16, 1), 12_800),
        new Scenario(
            "step up", ServerModel.of(16, logNormal(40, 0.5)).step(ms(8_000), 48, 1), 12_800),
        new Scenario(
            "queue 503", ServerModel.of(16, exponential(40)).queue(16).network(ms(2)), 8_000),
        new Scenario(
            "limiter 429",
            ServerModel.uncapped(logNormal(60, 0.5)).rate(500, 20).network(ms(5)),
            12_000),
        new Scenario("uncapped", ServerModel.uncapped(exponential(50)), 200_000),
        new Scenario(
            "slow start", ServerModel.of(40, logNormal(30, 0.5)).cold(6, ms(3_000)), 16_000),
        new Scenario(
            "mixed",
            ServerModel.of(40, logNormal(40, 1.2)).congested(0.3).queue(64).network(ms(5)),
            16_000));
  }

  /** Ten more, with other parameters and mixtures. */
  public static List<Scenario> heldOut() {
    return List.of(
        new Scenario("narrow", ServerModel.of(4, exponential(20)), 2_000),
        new Scenario(
            "slows threefold",
            ServerModel.of(30, logNormal(30, 0.5)).step(ms(6_000), 30, 3),
            8_000),
        new Scenario(
            "heavy tail 503", ServerModel.of(40, pareto(50, 1.8)).queue(20).network(ms(3)), 16_000),
        new Scenario(
            "steep retrograde", ServerModel.of(50, logNormal(40, 0.5)).congested(1), 20_000),
        new Scenario(
            "tight 429",
            ServerModel.uncapped(exponential(100)).rate(200, 5).network(ms(10)),
            8_000),
        new Scenario("far", ServerModel.of(10, exponential(5)).network(ms(80)), 60_000),
        new Scenario("timeouts", ServerModel.of(24, exponential(40)), 10_000, 250_000_000L),
        new Scenario("uncapped heavy tail", ServerModel.uncapped(pareto(30, 1.5)), 200_000),
        new Scenario(
            "rare misses", ServerModel.of(20, ServiceTime.bimodal(ms(5), ms(500), 0.05)), 12_000),
        new Scenario(
            "cold 503",
            ServerModel.of(30, logNormal(40, 0.5)).queue(30).cold(4, ms(2_000)).network(ms(5)),
            15_000));
  }

  /** Ten where some requests fail whatever the load: at once, or after ten times as long. */
  public static List<Scenario> faulty() {
    var steady = ServerModel.of(24, logNormal(40, 0.5)).network(ms(5));
    var wide = ServerModel.of(100, exponential(30)).network(ms(5));
    var queue = ServerModel.of(16, exponential(40)).queue(16).network(ms(2));
    return List.of(
        new Scenario("2 % late", steady.failing(0.02, ms(400)), 10_000),
        new Scenario("5 % late", steady.failing(0.05, ms(400)), 10_000),
        new Scenario("10 % late", steady.failing(0.1, ms(400)), 10_000),
        new Scenario("2 % at once", steady.failing(0.02, ms(5)), 10_000),
        new Scenario("10 % at once", steady.failing(0.1, ms(5)), 10_000),
        new Scenario("wide, 2 % late", wide.failing(0.02, ms(350)), 40_000),
        new Scenario("wide, 5 % at once", wide.failing(0.05, ms(5)), 40_000),
        new Scenario("wide, 10 % late", wide.failing(0.1, ms(350)), 40_000),
        new Scenario("queue 503, 5 % late", queue.failing(0.05, ms(400)), 8_000),
        new Scenario(
            "uncapped, 3 % as slow",
            ServerModel.uncapped(exponential(50)).failing(0.03, ms(50)), 200_000));
  }

  /** One with its kind and all parameters drawn at random: 3 to 180 slots, 2 to 300 ms. */
  public static Scenario drawn(long seed) {
    var r = new SplittableRandom(seed * 7919 + 13);
    double mean = 2 * Math.pow(150, r.nextDouble());
    ServiceTime service =
        switch (r.nextInt(5)) {
          case 0 -> logNormal(mean, 0.2 + r.nextDouble());
          case 1 -> exponential(mean);
          case 2 -> pareto(mean, 1.5 + r.nextDouble());
          case 3 -> {
            double slow = mean * (2 + 4 * r.nextDouble());
            yield ServiceTime.bimodal(ms(mean / 3), ms(slow), 0.05 + 0.25 * r.nextDouble());
          }
          default -> ServiceTime.steady(ms(mean));
        };
    int slots = (int) (3 * Math.pow(60, r.nextDouble()));
    double network = r.nextBoolean() ? 0.5 : mean * r.nextDouble();
    double served = service.meanNanos() / 1e6;
    int tasks = (int) Math.min(150_000, 400 * slots * (1 + network / served));
    double length = tasks * served / slots;
    var plain = ServerModel.of(slots, service).network(ms(network));
    return switch (r.nextInt(8)) {
      case 0 -> named("fixed", seed, plain, tasks);
      case 1 -> named("retrograde", seed, plain.congested(0.2 + r.nextDouble()), tasks);
      case 2 -> named("503", seed, plain.queue(1 + r.nextInt(slots * 2)), tasks);
      case 3 -> {
        double burst = 5 + r.nextInt(slots);
        var limited = ServerModel.uncapped(service).network(ms(network));
        yield named("429", seed, limited.rate(1000 * slots / served, burst), tasks);
      }
      case 4 -> {
        int other = Math.max(2, (int) (slots * (r.nextBoolean() ? 0.4 : 2.5)));
        yield named("step", seed, plain.step(middle(r, length), other, 1), tasks);
      }
      case 5 -> {
        double slower = 0.4 + 2 * r.nextDouble();
        yield named("speed", seed, plain.step(middle(r, length), slots, slower), tasks);
      }
      case 6 -> named("cold", seed, plain.cold(2 + 5 * r.nextDouble(), ms(length * 0.1)), tasks);
      default -> {
        var congested = plain.congested(0.5 * r.nextDouble()).queue(slots * 2);
        var mixed = congested.cold(1 + 2 * r.nextDouble(), ms(length * 0.05));
        yield named("mixed", seed, mixed, tasks);
      }
    };
  }

  private static Duration middle(SplittableRandom r, double lengthMillis) {
    return ms(lengthMillis * (0.3 + 0.4 * r.nextDouble()));
  }

  private static Scenario named(String kind, long seed, ServerModel server, int tasks) {
    return new Scenario("drawn " + seed + ": " + kind, server, tasks);
  }
}
