package dev.brigade.report;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A headless Chromium that opens one page at a time, driven over its debugging protocol. */
final class Chromium {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome");

  private static final Pattern PAGE =
      Pattern.compile("\"webSocketDebuggerUrl\": *\"(ws:[^\"]*/page/[^\"]*)\"");
  private static final Pattern LISTENING = Pattern.compile("DevTools listening on ws://([^/]+)/");
  private static final Pattern ID = Pattern.compile("^\\{\"id\":(\\d+),");

  private final Process process;
  private final Path profile;
  private final WebSocket socket;
  private final AtomicInteger calls = new AtomicInteger();
  private final Map<Integer, CompletableFuture<String>> answers = new ConcurrentHashMap<>();
  private final Semaphore loads = new Semaphore(0);

  /** What the page complained about: errors on its console, and exceptions in its scripts. */
  final List<String> complaints = new CopyOnWriteArrayList<>();

  private Chromium(Process process, Path profile, String address) throws Exception {
    this.process = process;
    this.profile = profile;
    HttpClient client = HttpClient.newHttpClient();
    String list =
        client
            .send(
                HttpRequest.newBuilder(URI.create("http://" + address + "/json/list")).build(),
                BodyHandlers.ofString())
            .body();
    Matcher page = PAGE.matcher(list);
    if (!page.find()) throw new IOException("no page in " + list);
    this.socket =
        client.newWebSocketBuilder().buildAsync(URI.create(page.group(1)), new Messages()).join();
    for (String domain : List.of("Page", "Runtime", "Log")) call(domain + ".enable", "{}");
  }

  /** Where it is installed, if it is. */
  static Optional<Path> installed() {
    String given = System.getenv("BRIGADE_CHROMIUM");
    if (given != null) return Optional.of(Path.of(given));
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    for (String folder : path.split(File.pathSeparator))
      for (String name : NAMES)
        if (Files.isExecutable(Path.of(folder, name))) return Optional.of(Path.of(folder, name));
    return Optional.empty();
  }

  static Chromium open(Path program) throws Exception {
    Path profile = Files.createTempDirectory("brigade-chromium");
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return new Chromium(process, profile, address(process));
  }

  private static String address(Process process) throws IOException {
    BufferedReader lines = process.errorReader(StandardCharsets.UTF_8);
    var said = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      Matcher m = LISTENING.matcher(line);
      if (m.find()) {
        // It would block once nobody reads what it goes on to say.
        Thread.ofVirtual().start(() -> lines.lines().forEach(l -> {}));
        return m.group(1);
      }
      said.append(line).append('\n');
    }
    throw new IOException("Chromium did not start: " + said);
  }

  /** Opens a file in a window of this size, in the scheme {@code light} or {@code dark}. */
  void show(Path file, int width, int height, String scheme) throws Exception {
    call(
        "Emulation.setDeviceMetricsOverride",
        "{\"width\":"
            + width
            + ",\"height\":"
            + height
            + ",\"deviceScaleFactor\":1,\"mobile\":"
            + (width < 500)
            + "}");
    call(
        "Emulation.setEmulatedMedia",
        "{\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\"" + scheme + "\"}]}");
    loads.drainPermits();
    call("Page.navigate", "{\"url\":" + quoted(file.toUri().toString()) + "}");
    if (!loads.tryAcquire(30, TimeUnit.SECONDS)) throw new IOException("not loaded: " + file);
  }

  void allowScripts(boolean allowed) throws Exception {
    call("Emulation.setScriptExecutionDisabled", "{\"value\":" + !allowed + "}");
  }

  /** What an expression that is a string is. */
  String evaluate(String expression) throws Exception {
    String answer =
        call(
            "Runtime.evaluate",
            "{\"returnByValue\":true,\"expression\":" + quoted(expression) + "}");
    if (answer.contains("\"exceptionDetails\"")) throw new IOException(answer);
    return string(answer, "value");
  }

  /** A picture of the whole page. */
  void capture(Path png) throws Exception {
    String answer = call("Page.captureScreenshot", "{\"captureBeyondViewport\":true}");
    Files.createDirectories(png.getParent());
    Files.write(png, Base64.getDecoder().decode(string(answer, "data")));
  }

  /** The text of that name in the answer, as JSON writes it. */
  private static String string(String answer, String name) throws IOException {
    int at = answer.indexOf('"' + name + "\":\"");
    if (at < 0) throw new IOException("no text in " + answer);
    var text = new StringBuilder();
    for (int i = at + name.length() + 4; answer.charAt(i) != '"'; i++) {
      char c = answer.charAt(i);
      if (c != '\\') {
        text.append(c);
        continue;
      }
      c = answer.charAt(++i);
      if (c == 'u') {
        text.append((char) Integer.parseInt(answer, i + 1, i + 5, 16));
        i += 4;
      } else {
        text.append(c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c);
      }
    }
    return text.toString();
  }

  private String call(String method, String parameters) throws Exception {
    int id = calls.incrementAndGet();
    var answer = new CompletableFuture<String>();
    answers.put(id, answer);
    String message =
        "{\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + parameters + "}";
    socket.sendText(message, true).get(30, TimeUnit.SECONDS);
    String text = answer.get(30, TimeUnit.SECONDS);
    if (text.contains("\"error\":{\"code\"")) throw new IOException(method + ": " + text);
    return text;
  }

  static String quoted(String text) {
    var out = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') out.append('\\').append(c);
      else if (c < 0x20) out.append(String.format("\\u%04x", (int) c));
      else out.append(c);
    }
    return out.append('"').toString();
  }

  private final class Messages implements WebSocket.Listener {
    private final StringBuilder parts = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      parts.append(data);
      if (last) {
        received(parts.toString());
        parts.setLength(0);
      }
      from.request(1);
      return null;
    }

    private void received(String message) {
      Matcher id = ID.matcher(message);
      if (id.find()) {
        answers.remove(Integer.parseInt(id.group(1))).complete(message);
      } else if (message.contains("\"method\":\"Page.loadEventFired\"")) {
        loads.release();
      } else if (message.contains("\"method\":\"Runtime.exceptionThrown\"")
          || message.contains("\"method\":\"Log.entryAdded\"")
          || message.contains("\"method\":\"Runtime.consoleAPICalled\"")) {
        complaints.add(message);
      }
    }
  }

  void close() throws Exception {
    socket.abort();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().waitFor();
    try (Stream<Path> files = Files.walk(profile)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList())
        Files.deleteIfExists(file);
    }
  }
}
