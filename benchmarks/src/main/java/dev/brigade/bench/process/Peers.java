package dev.brigade.bench.process;

import dev.brigade.bench.ChildProcess;
import dev.brigade.bench.MissingPeer;
import dev.brigade.bench.Programs;
import java.time.Duration;
import java.util.List;

/** How the programs of the other pools are started. */
final class Peers {
  static final String EXECUTOR = "ProcessPoolExecutor";
  static final String POOL = "multiprocessing.Pool";
  static final String PISCINA = "Piscina";

  private Peers() {}

  /**
   * CPython's standard library.
   *
   * @param pool which of the script's pools is kept open
   */
  static PeerProgram cpython(String pool, String caseName, int items) throws Exception {
    return new PeerProgram(
        List.of(Programs.python(), Programs.script("cpython_pools.py"), pool), caseName, items);
  }

  /** Node finds the package beside the scripts or above them, or where NODE_PATH says. */
  static PeerProgram piscina(String pool, String caseName, int items) throws Exception {
    String node = Programs.onPath("node");
    String script = Programs.script("piscina_pool.cjs");
    var asked =
        ChildProcess.run(
            List.of(node, "-e", "require('module').createRequire('" + script + "')('piscina')"),
            Duration.ofSeconds(10));
    if (asked.exit() != 0)
      throw new MissingPeer(
          "piscina is not installed: npm install --no-save --prefix benchmarks piscina");
    return new PeerProgram(List.of(node, script, pool), caseName, items);
  }
}
