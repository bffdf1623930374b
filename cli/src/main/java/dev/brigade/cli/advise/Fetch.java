package dev.brigade.cli.advise;

import dev.brigade.engine.Engine;
import dev.brigade.task.Fn;
import dev.brigade.task.Tasks;
import java.io.IOException;
import java.io.Serial;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** Fetches an address, and forgets what came. */
public final class Fetch implements Fn<URI, Integer, Exception>, AutoCloseable {
  @Serial private static final long serialVersionUID = 1L;

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final transient HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NORMAL)
          .connectTimeout(TIMEOUT)
          .executor(Engine.virtual())
          .build();

  /** The server has too much to do: what an adaptive limit backs off from. */
  static final class Overloaded extends TimeoutException {
    @Serial private static final long serialVersionUID = 1L;

    Overloaded(URI address, int status) {
      super(address + ": status " + status);
    }
  }

  @Override
  public Integer apply(URI address) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(address).build();
    // The client's own timeout ends with the headers: this one covers the body.
    HttpResponse<?> response =
        Tasks.within(TIMEOUT, () -> client.send(request, BodyHandlers.discarding()));
    int status = response.statusCode();
    if (status == 429 || status == 503) throw new Overloaded(address, status);
    if (status >= 400) throw new IOException(address + ": status " + status);
    return status;
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
  }
}
