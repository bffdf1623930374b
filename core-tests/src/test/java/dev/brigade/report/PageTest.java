package dev.brigade.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;

class PageTest {
  private static final String HOSTILE =
      "</script></title></style><img src=x onerror='alert(1)'>\" --> ]]> &amp; \0\1\n\t\r\u007f\u0085"
          + "\u202e\u2066\ud800x\udc00\uffff\ufffe {{x}} ${x}";

  private static Page everything(String text) {
    var told = new Told(1_000);
    told.task(2, text, text, 0, 10, 20).item(3, text, 5, 9, new IOException(text));
    told.event(dev.brigade.observe.TaskEvent.Kind.FORKED, 0, 4, 0, text, text, text, null);
    told.event(dev.brigade.observe.TaskEvent.Kind.STARTED, 1, 4, 0, text, text, text, null);
    told.event(dev.brigade.observe.TaskEvent.Kind.WAITING, 2, 4, 0, text, text, text, null);
    told.event(dev.brigade.observe.TaskEvent.Kind.CANCELLED, 3, 4, 0, text, text, text, null);
    var named = new java.util.LinkedHashMap<String, Recording>();
    named.put(text, told.recording);
    return Page.titled(text)
        .lead(text)
        .fact(text, text, text)
        .section(text)
        .heading(text)
        .text(text)
        .note(text)
        .failure(new IOException(text))
        .table(Table.of(text, text, text).row(0.5, text, text))
        .timelines(text, Page.Rows.TASKS, named)
        .recording(told.recording);
  }

  @Test
  void hostileTextIsTextAndNothingElse() throws Exception {
    Drawn plain = Drawn.of(everything("plain").html());
    Drawn hostile = Drawn.of(everything(HOSTILE).html());
    for (String tag : List.of("script", "style", "title", "p", "th", "td", "li", "rect", "section"))
      assertEquals(plain.elements(tag).size(), hostile.elements(tag).size(), tag);
    assertEquals(0, hostile.elements("img").size());
    for (Element e : hostile.elements("*"))
      for (int i = 0; i < e.getAttributes().getLength(); i++)
        assertFalse(e.getAttributes().item(i).getNodeName().startsWith("on"));
    assertTrue(hostile.text().contains("</script></title></style><img src=x onerror='alert(1)'>"));
  }

  @Test
  void controlCharactersAreShownAsSigns() throws Exception {
    String html = everything(HOSTILE).html();
    html.chars()
        .filter(c -> c != '\n' && c != '\t')
        .forEach(c -> assertFalse(Character.isISOControl(c), () -> "U+" + Integer.toHexString(c)));
    assertFalse(html.contains("\u202e"));
    assertTrue(html.contains("\u2400\u2401"));
    assertTrue(Drawn.of(html).text().contains("\ufffdx\ufffd\ufffd\ufffd"));
  }

  @Test
  void charactersBeyondTheFirstPlaneStay() throws Exception {
    assertTrue(
        Drawn.of(Page.titled("cook \ud83d\udc68\u200d\ud83c\udf73 é").html())
            .text()
            .contains("\ud83d\udc68"));
  }

  @Test
  void longNamesDoNotMakeLongPages() throws Exception {
    var told = new Told(1_000);
    for (int i = 0; i < 30; i++)
      told.task(i + 2, i + "\ud83d\ude00".repeat(50_000), "t" + i, 0, i, i + 1);
    String html = Page.titled("t").recording(told.recording).html();
    assertTrue(html.length() < 100_000, () -> "characters: " + html.length());
    assertEquals(30, Drawn.of(html).bars("run").size());
  }

  @Test
  void nothingIsLoadedAndOnlyTheOwnScriptMayRun() throws Exception {
    Drawn drawn = Drawn.of(everything("plain").html());
    for (String tag : List.of("link", "iframe", "object", "embed", "form", "base", "image"))
      assertEquals(0, drawn.elements(tag).size(), tag);
    for (String attribute : List.of("src", "href", "srcset", "action"))
      assertEquals(0, drawn.withAttribute("*", attribute).size(), attribute);
    Element policy = drawn.withAttribute("meta", "http-equiv").getFirst();
    assertTrue(policy.getAttribute("content").startsWith("default-src 'none'; "));
    assertEquals(1, drawn.elements("script").size());
  }

  @Test
  void partsAppearInTheirOrderAndThePageCanGoOn() throws Exception {
    var page = Page.titled("A").text("one").fact("two", "2", "");
    String before = page.html();
    Drawn.of(before);
    assertEquals(before, page.html());
    page.fact("three", "3", "third").text("four").section("five").text("six");
    String text =
        Drawn.of(page.html()).document.getElementsByTagName("main").item(0).getTextContent();
    int at = -1;
    for (String part : List.of("A", "one", "two", "three", "third", "four", "five", "six")) {
      assertTrue(text.indexOf(part) > at, text);
      at = text.indexOf(part);
    }
    assertEquals(1, Drawn.of(page.html()).elements("dl").size());
  }

  @Test
  void anEmptyRecordingSaysThatNothingRan() throws Exception {
    var empty = Recording.ofAll(1);
    assertTrue(Drawn.of(Page.titled("t").recording(empty).html()).text().contains("Nothing ran."));
    var named = new java.util.LinkedHashMap<String, Recording>();
    named.put("none", empty);
    Drawn drawn =
        Drawn.of(Page.titled("t").timelines("Of nothing", Page.Rows.THREADS, named).html());
    assertEquals(List.of(), drawn.bars());
  }

  @Test
  void chartsAreNamedForThoseWhoCannotSeeThem() throws Exception {
    Drawn drawn = Drawn.of(everything("plain").html());
    for (Element svg : drawn.withAttribute("svg", "role")) {
      assertEquals("img", svg.getAttribute("role"));
      assertFalse(svg.getAttribute("aria-label").isBlank());
    }
    assertTrue(drawn.withAttribute("svg", "role").size() >= 4);
    assertTrue(drawn.text().contains("Key figures"));
    for (Element th : drawn.elements("th")) assertFalse(th.getAttribute("scope").isEmpty());
  }

  @Test
  void sharesOfATableAreBars() throws Exception {
    Table table =
        Table.of("Ways", "way", "time")
            .row(0.25, "loop", "4 s")
            .row(1, "threads", "1 s")
            .row("none", "?");
    Drawn drawn = Drawn.of(Page.titled("t").table(table).html());
    List<String> widths =
        drawn.elements("rect").stream()
            .filter(r -> r.getAttribute("class").equals("fill"))
            .map(r -> r.getAttribute("width"))
            .toList();
    assertEquals(List.of("25%", "100%"), widths);
    assertEquals(3, drawn.elements("td").size());
  }

  @ParameterizedTest
  @ValueSource(doubles = {1.01, Double.NaN, Double.POSITIVE_INFINITY})
  void sharesAboveTheWholeAreRefused(double share) {
    var e = assertThrows(IllegalArgumentException.class, () -> Table.of("t", "a").row(share, "x"));
    assertTrue(e.getMessage().contains("share must be at most 1, but was " + share));
  }

  @Test
  void rowsHaveACellForEachColumn() {
    assertThrows(IllegalArgumentException.class, () -> Table.of("t"));
    var e = assertThrows(IllegalArgumentException.class, () -> Table.of("t", "a", "b").row("x"));
    assertTrue(e.getMessage().contains("must have 2 cells, but has 1"), e::getMessage);
  }

  @Test
  void missingTextIsRefused() {
    assertThrows(NullPointerException.class, () -> Page.titled(null));
    assertThrows(NullPointerException.class, () -> Page.titled("t").writeTo(null));
  }
}
