package dev.brigade.examples;

import dev.brigade.task.Fn;
import dev.brigade.task.Tasks;
import dev.brigade.task.Three;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;

/**
 * Three different calls together, each with a type of its own. (JavaScript: {@code Promise.all}.)
 */
final class UserPostsComments {
  private UserPostsComments() {}

  static void main() throws Exception {
    Examples.runHere("user-posts-comments");
  }

  record User(int id, String name) {}

  record Post(String title) {}

  record Comment(int post, String text) {}

  record UserData(User user, List<Post> posts, List<Comment> comments) {}

  /** The calls of the API that the page needs. */
  record Api(HttpClient client, LoopbackServer server) {
    User user(int id) throws IOException, InterruptedException {
      var json = Json.object(get("/api/users/" + id));
      return new User(json.number("id"), json.text("name"));
    }

    List<Post> posts(int id) throws IOException, InterruptedException {
      var json = Json.array(get("/api/users/" + id + "/posts"));
      return json.stream().map(p -> new Post(p.text("title"))).toList();
    }

    List<Comment> comments(int id) throws IOException, InterruptedException {
      var json = Json.array(get("/api/users/" + id + "/comments"));
      return json.stream().map(c -> new Comment(c.number("post"), c.text("text"))).toList();
    }

    private String get(String path) throws IOException, InterruptedException {
      var request = HttpRequest.newBuilder(server.url(path)).build();
      return client.send(request, BodyHandlers.ofString()).body();
    }
  }

  static UserData together(Api api, int id) throws IOException, InterruptedException {
    // Three types, and IOException is still IOException: nothing is cast or unwrapped.
    Three<User, List<Post>, List<Comment>> all =
        Tasks.all(() -> api.user(id), () -> api.posts(id), () -> api.comments(id));
    return new UserData(all.first(), all.second(), all.third());
  }

  static void show(Report report) throws Exception {
    check(report, Waits.together(3), api -> together(api, 7));
  }

  static void check(Report report, Waits world, Fn<Api, UserData, Exception> way) throws Exception {
    try (var server = LoopbackServer.open(path -> world.fetch(path, 1, page(path)));
        var client = HttpClient.newHttpClient()) {
      UserData data = way.apply(new Api(client, server));
      report.equal("user", new User(7, "Ada"), data.user());
      report.equal("posts", List.of(new Post("Hi"), new Post("Bye")), data.posts());
      report.equal("comments", List.of(new Comment(1, "Nice")), data.comments());
      report.equal("calls at once", 3, world.timeline().peak());
    }
  }

  private static String page(String path) {
    if (path.endsWith("/posts")) return "[{\"title\":\"Hi\"},{\"title\":\"Bye\"}]";
    if (path.endsWith("/comments")) return "[{\"post\":1,\"text\":\"Nice\"}]";
    return "{\"id\":7,\"name\":\"Ada\"}";
  }
}
