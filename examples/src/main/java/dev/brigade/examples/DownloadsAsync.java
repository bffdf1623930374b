package dev.brigade.examples;

import dev.brigade.task.Tasks;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;

/** Three downloads that the server delays by 1, 2 and 1 units. (Python: {@code aiohttp}.) */
final class DownloadsAsync {
  private static final List<String> PATHS = List.of("/delay/1", "/delay/2", "/delay/1");

  private DownloadsAsync() {}

  static void main() throws Exception {
    Examples.runHere("downloads-async");
  }

  /** One of the ways of downloading them all. */
  interface Way {
    List<String> downloadAll(HttpClient client, List<URI> urls)
        throws IOException, InterruptedException;
  }

  static List<String> together(HttpClient client, List<URI> urls)
      throws IOException, InterruptedException {
    // The plain, blocking send: on virtual threads that is what "asynchronous" needs.
    return Tasks.map(urls, url -> download(client, url));
  }

  static List<String> oneByOne(HttpClient client, List<URI> urls)
      throws IOException, InterruptedException {
    return List.of(
        download(client, urls.get(0)),
        download(client, urls.get(1)),
        download(client, urls.get(2)));
  }

  private static String download(HttpClient client, URI url)
      throws IOException, InterruptedException {
    return client.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString()).body();
  }

  static void show(Report report) throws Exception {
    check(report, "one by one", 4, Waits.inVain(), DownloadsAsync::oneByOne);
    check(report, "together", 2, Waits.together(3), DownloadsAsync::together);
  }

  static void check(Report report, String what, int units, Waits world, Way way)
      throws IOException, InterruptedException {
    LoopbackServer.Site delays = path -> world.fetch(path, path.endsWith("2") ? 2 : 1, path);
    try (var server = LoopbackServer.open(delays);
        var client = HttpClient.newHttpClient()) {
      List<String> bodies = way.downloadAll(client, PATHS.stream().map(server::url).toList());
      report.equal("units, " + what, units, world.timeline().units());
      report.equal("bodies, " + what, PATHS, bodies);
    }
  }
}
