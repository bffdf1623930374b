package dev.brigade.report;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

/** What a page shows, read from its markup. */
final class Drawn {
  /** One bar: what it says in its attributes, and where it is, in percent. */
  record Bar(
      long task, String kind, long start, long end, String outcome, double x, double width) {}

  final Document document;

  private Drawn(Document document) {
    this.document = document;
  }

  /** Parses it as XML, which refuses whatever is not well-formed. */
  static Drawn of(String html) throws Exception {
    var factory = DocumentBuilderFactory.newDefaultInstance();
    factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    return new Drawn(factory.newDocumentBuilder().parse(new InputSource(new StringReader(html))));
  }

  List<Element> elements(String tag) {
    var found = new ArrayList<Element>();
    var all = document.getElementsByTagName(tag);
    for (int i = 0; i < all.getLength(); i++) found.add((Element) all.item(i));
    return found;
  }

  List<Element> withAttribute(String tag, String attribute) {
    return elements(tag).stream().filter(e -> e.hasAttribute(attribute)).toList();
  }

  /** The charts that have bars, one for each timeline. */
  List<Element> charts() {
    return withAttribute("svg", "data-nanos");
  }

  List<Bar> bars() {
    return withAttribute("rect", "data-kind").stream().map(Drawn::bar).toList();
  }

  List<Bar> bars(String kind) {
    return bars().stream().filter(b -> b.kind.equals(kind)).toList();
  }

  static Bar bar(Element rect) {
    return new Bar(
        Long.parseLong(rect.getAttribute("data-task")),
        rect.getAttribute("data-kind"),
        Long.parseLong(rect.getAttribute("data-start")),
        Long.parseLong(rect.getAttribute("data-end")),
        rect.getAttribute("data-outcome"),
        percent(rect.getAttribute("x")),
        percent(rect.getAttribute("width")));
  }

  private static double percent(String text) {
    if (!text.endsWith("%")) throw new AssertionError("no share: " + text);
    return Double.parseDouble(text.substring(0, text.length() - 1));
  }

  /** All text that a reader sees, scripts and styles excepted. */
  String text() {
    var text = new StringBuilder();
    for (String tag : List.of("header", "section", "p", "dl"))
      for (Element e : elements(tag)) text.append(e.getTextContent()).append('\n');
    return text.toString();
  }
}
