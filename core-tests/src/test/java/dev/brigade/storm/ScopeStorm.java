package dev.brigade.storm;

import dev.brigade.engine.Engine;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Random trees of scopes, maps, contests, deadlines and shields, on all engines, whose nodes fail,
 * cancel, are interrupted and run out of time. Whatever happens, all that was started has ended
 * when the outermost call returns.
 */
final class ScopeStorm implements Storm.Weather {
  private static final int TREES = 40;
  private static final int DEPTH = 4;
  private long bodies;

  @Override
  public void round(RandomGenerator random) throws Exception {
    try (Engine cores = Engine.openCores(2);
        Engine strict = Engine.openThreads(2)) {
      for (int i = 0; i < TREES; i++) tree(random.nextLong(), cores, strict);
    }
  }

  private void tree(long seed, Engine cores, Engine strict) throws Exception {
    var random = new SplittableRandom(seed);
    boolean disturbed = random.nextInt(4) == 0;
    int depth = 1 + random.nextInt(DEPTH);
    var ledger = new Ledger();
    var tree = new Tree(ledger, cores, strict, disturbed);
    var builder = random.nextBoolean() ? Thread.ofPlatform().daemon() : Thread.ofVirtual();
    try (var crowd = new Crowd()) {
      var own = random.split();
      Thread root = crowd.start(builder, () -> run(tree, own, depth, ledger, disturbed));
      if (disturbed) {
        var vandal = random.split();
        crowd.start(() -> disturb(root, ledger, vandal));
      }
    } catch (AssertionError e) {
      throw new AssertionError("tree " + seed + " " + e.getMessage(), e);
    }
    ledger.check();
    bodies += ledger.size();
  }

  private static void run(
      Tree tree, SplittableRandom random, int depth, Ledger ledger, boolean disturbed) {
    try {
      tree.node(random, depth);
    } catch (Throwable t) {
      if (!Ledger.isMeant(t)) throw new AssertionError("not a failure of the storm's", t);
    }
    ledger.expect(disturbed || !Thread.interrupted(), "an interrupt was left on the root's thread");
  }

  private static void disturb(Thread root, Ledger ledger, RandomGenerator random) {
    while (root.isAlive()) {
      if (random.nextInt(4) == 0) root.interrupt();
      int n = ledger.threadCount();
      if (n > 0) ledger.interruptOne(random.nextInt(n));
      for (int i = random.nextInt(5_000); i > 0; i--) Thread.onSpinWait();
    }
  }

  @Override
  public String report() {
    return bodies + " bodies";
  }
}
