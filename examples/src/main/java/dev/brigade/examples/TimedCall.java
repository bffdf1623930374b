package dev.brigade.examples;

import dev.brigade.task.Tasks;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A fetch that is aborted. (Python: {@code wait_for}; JavaScript: {@code AbortController}.) */
final class TimedCall {
  private static final Duration TIMEOUT = Duration.ofMillis(50);

  private TimedCall() {}

  static void main() throws Exception {
    Examples.runHere("timeout");
  }

  static String fetchWithTimeout(HttpClient client, URI url)
      throws IOException, InterruptedException, TimeoutException {
    // The deadline interrupts this very thread, so the call itself ends, not only the wait for it.
    return Tasks.timed(TIMEOUT, () -> fetch(client, url));
  }

  /** The guide's form, which gives None. */
  static String fetchOr(String fallback, HttpClient client, URI url)
      throws IOException, InterruptedException {
    return Tasks.withinOr(TIMEOUT, fallback, () -> fetch(client, url));
  }

  private static String fetch(HttpClient client, URI url) throws IOException, InterruptedException {
    return client.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString()).body();
  }

  /** One of the ways of giving up. */
  interface Way {
    String fetch(HttpClient client, URI url)
        throws IOException, InterruptedException, TimeoutException;
  }

  static void show(Report report) throws Exception {
    check(report, 10_000, TimedCall::fetchWithTimeout);
    try (var silent = SilentServer.open();
        var client = HttpClient.newHttpClient()) {
      report.equal("with a fallback", "none", fetchOr("none", client, silent.url()));
    }
  }

  static void check(Report report, long patienceMillis, Way way) throws Exception {
    try (var silent = SilentServer.open();
        var client = HttpClient.newHttpClient()) {
      String thrown = "nothing";
      boolean interrupted = false;
      try {
        way.fetch(client, silent.url());
      } catch (TimeoutException e) {
        thrown = e.getClass().getSimpleName();
        // What the call itself ended with is kept below the deadline's exception.
        Throwable deadline = e.getCause();
        interrupted = deadline != null && deadline.getSuppressed().length == 1;
      }
      report.equal("thrown", "TimeoutException", thrown);
      report.equal("the call itself was interrupted", true, interrupted);
      boolean closed = silent.sawTheEnd().await(patienceMillis, TimeUnit.MILLISECONDS);
      report.equal("the server saw the connection close", true, closed);
    }
  }
}
