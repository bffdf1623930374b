package dev.brigade.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.observe.PolicyEvent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** What a page tells of policies. */
class PoliciesOnPageTest {
  private final Told told = new Told(100_000).task(2, "a", "t1", 0, 0, 10_000);

  private void tell(PolicyEvent.Kind kind, String policy, long at) {
    told.recording.onPolicy(new PolicyEvent(kind, told.origin + at, policy, "t1", "why", null));
  }

  private List<String> rows(String with) throws Exception {
    return told.drawn().elements("tr").stream()
        .map(Element::getTextContent)
        .filter(t -> t.contains(with))
        .toList();
  }

  @Test
  void everyKindThatThereIsIsShownInWords() throws Exception {
    PolicyEvent.Kind[] kinds = PolicyEvent.Kind.values();
    for (PolicyEvent.Kind k : kinds) tell(k, "policy \"p\"", 1 + k.ordinal());
    List<String> words =
        Arrays.stream(kinds)
            .map(k -> "policy \"p\": " + k.name().toLowerCase(Locale.ROOT).replace('_', ' ') + 1)
            .limit(10)
            .toList();
    assertTrue(words.contains("policy \"p\": timed out1"), words::toString);
    assertEquals(words, rows("policy \"p\""));
  }

  @Test
  void whatIsShownIsCountedToTheEndHoweverManyKindsThereAre() throws Exception {
    for (int i = 0; i < 1_500; i++) tell(PolicyEvent.Kind.REFUSED, "other " + i, i);
    for (int i = 0; i < 5; i++) tell(PolicyEvent.Kind.REFUSED, "other 7", 2_000 + i);
    assertEquals("other 7: refused6", rows("other ").getFirst());
    assertEquals(10, rows("other ").size());
  }

  @Test
  void howManyKindsAreNotShownIsSaid() throws Exception {
    for (int i = 0; i < 12; i++) tell(PolicyEvent.Kind.REFUSED, "p" + i, i);
    String html = Page.titled("t").recording(told.recording).html();
    assertTrue(html.contains("And 2 other kinds."), html);
  }
}
