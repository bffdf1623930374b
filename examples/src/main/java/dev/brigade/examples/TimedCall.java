package dev.brigade.examples;

import dev.brigade.policy.Timeout;
import dev.brigade.task.DeadlineException;
import dev.brigade.task.Tasks;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A fetch that is aborted. (Python: {@code wait_for}; JavaScript: {@code AbortController}.) */
final class TimedCall {
  private TimedCall() {}

  static void main() throws Exception {
    Examples.runHere("timeout");
  }

  static String fetchWithTimeout(HttpClient client, URI url, Duration timeout)
      throws IOException, InterruptedException, TimeoutException {
    // The deadline interrupts this very thread, so the call itself ends, not only the wait for it.
    return Tasks.timed(timeout, () -> fetch(client, url));
  }

  /** Python's example gives None. */
  static String fetchOrNone(HttpClient client, URI url, Duration timeout)
      throws IOException, InterruptedException {
    return Tasks.withinOr(timeout, "none", () -> fetch(client, url));
  }

  /** For many calls under one rule, which also counts how they went. */
  private static String underPolicy(HttpClient client, URI url) throws Exception {
    Timeout patience = Timeout.of(Duration.ofMillis(50));
    try {
      return patience.call(() -> fetch(client, url));
    } catch (DeadlineException e) {
      return patience.statistics().timedOut() == 1 ? name(e) : "not counted";
    }
  }

  private static String fetch(HttpClient client, URI url) throws IOException, InterruptedException {
    return client.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString()).body();
  }

  /** One of the ways of giving up. */
  interface Way {
    String fetch(HttpClient client, URI url, Duration timeout) throws Exception;
  }

  static void show(Report report) throws Exception {
    check(report, 10_000, TimedCall::fetchWithTimeout);
    try (var silent = SilentServer.open();
        var client = HttpClient.newHttpClient()) {
      String text = fetchOrNone(client, silent.url(), Duration.ofMillis(50));
      report.equal("with a fallback", "none", text);
      report.equal("as a policy", "DeadlineException", underPolicy(client, silent.url()));
    }
  }

  static void check(Report report, long patienceMillis, Way way) throws Exception {
    var client = HttpClient.newHttpClient();
    try (var silent = SilentServer.open()) {
      TimeoutException thrown = null;
      // On a slow machine the deadline may strike before the request is out: that shows nothing.
      for (long millis = 50; millis < 60_000 && !silent.wasAsked(); millis *= 2) {
        try {
          way.fetch(client, silent.url(), Duration.ofMillis(millis));
        } catch (TimeoutException e) {
          thrown = e;
        }
      }
      report.check("thrown", "TimeoutException", name(thrown), thrown != null);
      // How the call itself ended is kept with the deadline's own exception.
      Throwable deadline = thrown == null ? null : thrown.getCause();
      Throwable[] ends = deadline == null ? new Throwable[0] : deadline.getSuppressed();
      String end = ends.length == 1 ? name(ends[0]) : "unknown";
      report.equal("the call itself ended by", "InterruptedException", end);
      boolean hungUp = silent.hungUp().await(patienceMillis, TimeUnit.MILLISECONDS);
      report.equal("the server saw the connection close", true, hungUp);
    } finally {
      client.shutdownNow(); // close() would wait for a call that was not aborted
    }
  }

  private static String name(@Nullable Object thrown) {
    return thrown == null ? "nothing" : thrown.getClass().getSimpleName();
  }
}
