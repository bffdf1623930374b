package dev.brigade.cli.compare;

import dev.brigade.engine.Engine;
import dev.brigade.task.DeadlineException;
import dev.brigade.task.Tasks;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/** Fetches each of the user's addresses, and forgets what came. */
public final class Urls implements OwnWork {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final List<URI> addresses;
  private final int limit;
  private final HttpClient client;
  private final Failures failures = new Failures();

  /** At most {@code limit} requests at once. */
  public Urls(List<URI> addresses, int limit) {
    this.addresses = List.copyOf(addresses);
    this.limit = Math.min(limit, addresses.size());
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(TIMEOUT)
            .executor(Engine.virtual())
            .build();
  }

  @Override
  public String kind() {
    return "urls";
  }

  @Override
  public String what() {
    return addresses.size() + " addresses, each fetched";
  }

  @Override
  public int size() {
    return addresses.size();
  }

  @Override
  public int limit() {
    return limit;
  }

  @Override
  public void run(int item) throws InterruptedException {
    URI address = addresses.get(item);
    HttpRequest request = HttpRequest.newBuilder(address).build();
    try {
      // The client's own timeout ends with the headers: this one covers the body.
      HttpResponse<?> response =
          Tasks.within(TIMEOUT, () -> client.send(request, BodyHandlers.discarding()));
      if (response.statusCode() >= 400)
        failures.add(item, address + ": status " + response.statusCode());
    } catch (DeadlineException late) {
      failures.add(item, address + ": no answer within " + TIMEOUT.toSeconds() + " s");
    } catch (ConnectException e) {
      failures.add(item, address + ": cannot connect");
    } catch (IOException e) {
      String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      failures.add(item, address + ": " + message);
    }
  }

  /** Fetching is taken for waiting altogether. */
  @Override
  public Demand demand(double seconds, double computed) {
    return Demand.WAITING;
  }

  @Override
  public List<String> failures() {
    return failures.lines();
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
  }
}
