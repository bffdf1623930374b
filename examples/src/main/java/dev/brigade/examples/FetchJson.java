package dev.brigade.examples;

import dev.brigade.task.Tasks;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.stream.IntStream;

/** Many URLs to JSON over one client. (Python: {@code aiohttp}; JavaScript: {@code fetch}.) */
final class FetchJson {
  static final int USERS = 60;

  private FetchJson() {}

  static void main() throws Exception {
    Examples.runHere("fetch-json");
  }

  /** One of the ways of fetching them all. */
  interface Way {
    List<Json> fetchAll(List<URI> urls) throws IOException, InterruptedException;
  }

  static List<Json> overOneClient(List<URI> urls) throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      // Eight at once: the client keeps about as many connections, and uses them again.
      return Tasks.limit(8).map(urls, url -> fetch(client, url));
    }
  }

  static List<Json> overClientsOfTheirOwn(List<URI> urls) throws IOException, InterruptedException {
    return Tasks.limit(8)
        .map(
            urls,
            url -> {
              try (var client = HttpClient.newHttpClient()) {
                return fetch(client, url);
              }
            });
  }

  private static Json fetch(HttpClient client, URI url) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(url).build();
    return Json.object(client.send(request, BodyHandlers.ofString()).body());
  }

  static void show(Report report) throws Exception {
    check(report, FetchJson::overOneClient);
  }

  static void check(Report report, Way way) throws Exception {
    try (var server = LoopbackServer.open(path -> "{\"path\":\"" + path + "\",\"age\":42}")) {
      var paths = IntStream.range(0, USERS).mapToObj(i -> "/users/" + i).toList();
      var parsed = way.fetchAll(paths.stream().map(server::url).toList());
      var got = parsed.stream().map(user -> user.text("path")).toList();
      report.equal("parsed, in order", paths.size(), got.equals(paths) ? got.size() : got);
      report.equal("requests", USERS, server.requests());
      int connections = server.connections();
      report.check("connections", "fewer", connections, connections < USERS);
    }
  }
}
