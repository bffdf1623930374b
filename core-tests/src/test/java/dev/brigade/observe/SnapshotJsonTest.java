package dev.brigade.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.brigade.task.HangGuard;
import dev.brigade.task.Stuck;
import dev.brigade.task.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The snapshot as JSON, read back by a parser that takes nothing but JSON. */
@HangGuard
class SnapshotJsonTest {
  private static final String NASTY =
      "quote \" backslash \\ newline \n tab \t nul \0 delete \u007f line \u2028 pair \uD83D\uDC68 lone \uD83D slash /";

  @Test
  void everyFieldComesBackAsItWas() {
    var leaf =
        new Snapshot.Node(
            "task",
            NASTY,
            "running",
            Duration.ofNanos(5),
            NASTY,
            "cores",
            NASTY,
            NASTY,
            NASTY,
            List.of());
    var root =
        new Snapshot.Node(
            "scope",
            "s",
            "open",
            Duration.ofDays(400),
            null,
            "virtual",
            null,
            null,
            null,
            List.of(leaf, leaf));
    var read = new Reader(new Snapshot(List.of(root), 1, 2, 3, List.of()).toJson()).whole();
    var top = (Map<?, ?>) read;
    assertEquals(
        List.of("roots", "overruns", "abandoned", "unobserved", "meters"),
        List.copyOf(top.keySet()));
    assertEquals("1", top.get("overruns"));
    assertEquals("3", top.get("unobserved"));
    var scope = (Map<?, ?>) ((List<?>) top.get("roots")).getFirst();
    assertEquals("" + Duration.ofDays(400).toNanos(), scope.get("ageNanos"));
    assertNull(scope.get("waitingFor"));
    assertEquals(2, ((List<?>) scope.get("children")).size());
    var task = (Map<?, ?>) ((List<?>) scope.get("children")).getLast();
    for (String field : List.of("name", "waitingFor", "thread", "site", "reason"))
      assertEquals(NASTY, task.get(field), field);
    assertEquals(List.of(), task.get("children"));
  }

  @Test
  void aLiveTreeIsValidToo() throws Exception {
    var stuck = new Stuck();
    Tasks.named(NASTY)
        .runScope(s -> {
          s.fork(NASTY, stuck::block);
          stuck.awaitBegun();
          var top = (Map<?, ?>) new Reader(Tasks.snapshot().toJson()).whole();
          boolean found = false;
          for (Object o : (List<?>) top.get("roots"))
            found |= NASTY.equals(((Map<?, ?>) o).get("name"));
          assertEquals(true, found);
          stuck.letGo();
        });
  }

  @Test
  void anEmptyOneIsValid() {
    assertEquals(
        "{roots=[], overruns=0, abandoned=0, unobserved=0, meters=[]}",
        new Reader(new Snapshot(List.of(), 0, 0, 0, List.of()).toJson()).whole().toString());
  }

  @Test
  void theReaderCanFail() {
    for (String bad : List.of("{", "[1,]", "\"\n\"", "{\"a\":1,}", "nul", "[] []", "\"\\x\""))
      assertThrows(RuntimeException.class, () -> new Reader(bad).whole(), bad);
  }

  /** JSON by the letter, numbers as their text. */
  private static final class Reader {
    private final String text;
    private int at;

    Reader(String text) {
      this.text = text;
    }

    Object whole() {
      Object v = value();
      if (at != text.length()) throw new IllegalStateException("more at " + at);
      return v;
    }

    private Object value() {
      return switch (text.charAt(at)) {
        case '{' -> object();
        case '[' -> array();
        case '"' -> string();
        case 'n' -> {
          expect("null");
          yield null;
        }
        default -> number();
      };
    }

    private void expect(String token) {
      if (!text.startsWith(token, at)) throw new IllegalStateException(token + " at " + at);
      at += token.length();
    }

    private Map<String, Object> object() {
      var fields = new LinkedHashMap<String, Object>();
      expect("{");
      while (text.charAt(at) != '}') {
        if (!fields.isEmpty()) expect(",");
        String name = string();
        expect(":");
        if (fields.containsKey(name)) throw new IllegalStateException(name + " twice");
        fields.put(name, value());
      }
      expect("}");
      return fields;
    }

    private List<Object> array() {
      var items = new ArrayList<>();
      expect("[");
      while (text.charAt(at) != ']') {
        if (!items.isEmpty()) expect(",");
        items.add(value());
      }
      expect("]");
      return items;
    }

    private String number() {
      int from = at;
      while (at < text.length() && Character.isDigit(text.charAt(at))) at++;
      if (from == at) throw new IllegalStateException("no value at " + at);
      return text.substring(from, at);
    }

    private String string() {
      var out = new StringBuilder();
      expect("\"");
      while (text.charAt(at) != '"') {
        char c = text.charAt(at++);
        if (c < 0x20) throw new IllegalStateException("a bare control character at " + at);
        out.append(c == '\\' ? escaped() : c);
      }
      expect("\"");
      return out.toString();
    }

    private char escaped() {
      char c = text.charAt(at++);
      return switch (c) {
        case '"', '\\', '/' -> c;
        case 'n' -> '\n';
        case 't' -> '\t';
        case 'r' -> '\r';
        case 'b' -> '\b';
        case 'f' -> '\f';
        case 'u' -> {
          at += 4;
          yield (char) Integer.parseInt(text, at - 4, at, 16);
        }
        default -> throw new IllegalStateException("escape \\" + c);
      };
    }
  }
}
