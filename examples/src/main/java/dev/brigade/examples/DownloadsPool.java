package dev.brigade.examples;

import dev.brigade.engine.Engine;
import dev.brigade.task.Tasks;
import java.util.List;

/** Four downloads on a pool of four threads. (Python: {@code ThreadPoolExecutor}.) */
final class DownloadsPool {
  static final List<String> URLS = List.of("url1.com", "url2.com", "url3.com", "url4.com");

  private DownloadsPool() {}

  static void main() throws Exception {
    Examples.runHere("downloads-pool");
  }

  static List<String> downloadAll(Waits world, int threads) throws InterruptedException {
    // The guide's pool, thread for thread. Without on(pool) each download gets a virtual thread,
    // and there is no pool to open or to size.
    try (Engine pool = Engine.openThreads(threads)) {
      return Tasks.on(pool).map(URLS, url -> world.fetch(url, 1, "Content from " + url));
    }
  }

  static void show(Report report) throws Exception {
    Waits alone = Waits.inVain();
    downloadAll(alone, 1);
    report.equal("units on a pool of one", 4, alone.timeline().units());
    check(report, Waits.together(4), 4);
  }

  static void check(Report report, Waits world, int threads) throws InterruptedException {
    List<String> contents = downloadAll(world, threads);
    report.equal("downloads at once", 4, world.timeline().peak());
    report.equal("units", 1, world.timeline().units());
    List<String> expected = URLS.stream().map(url -> "Content from " + url).toList();
    report.check("contents", "4, in order", contents.size(), contents.equals(expected));
    world.timeline().draw(report, "Pool of four:");
  }
}
