package dev.brigade.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A table of figures on a {@link Page}, whose rows may have a bar under their first cell:
 * speed-ups, shares. Immutable: {@link #row} returns a copy.
 *
 * {@snippet :
 * var table = Table.of("Ways", "way", "time", "speed-up")
 *     .row(0.05, "a plain loop", "4.0 s", "1.0x")
 *     .row(1.00, "virtual threads", "0.2 s", "20x");
 * }
 *
 * @param caption what it shows
 * @param columns the heads; the first is for names, the others for figures
 * @param rows from top to bottom
 */
public record Table(String caption, List<String> columns, List<Row> rows) {
  /** From so many characters on a cell is no figure and may be broken into lines. */
  private static final int WORDS = 16;

  /**
   * One line.
   *
   * @param share how long its bar is, from 0 to 1; negative for none
   * @param cells one for each column
   */
  public record Row(double share, List<String> cells) {

    /** Takes its own copy of the list. */
    public Row {
      cells = List.copyOf(cells);
      if (!(share <= 1))
        throw new IllegalArgumentException("share must be at most 1, but was " + share);
    }
  }

  /**
   * Takes its own copies of the lists.
   *
   * @throws IllegalArgumentException if there is no column, or a row has more or fewer cells
   */
  public Table {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
    if (columns.isEmpty()) throw new IllegalArgumentException("columns must not be empty");
    for (Row row : rows)
      if (row.cells.size() != columns.size())
        throw new IllegalArgumentException(
            "a row must have " + columns.size() + " cells, but has " + row.cells.size());
  }

  /** Without rows. */
  public static Table of(String caption, String... columns) {
    return new Table(caption, List.of(columns), List.of());
  }

  /** With one more row, without a bar. */
  public Table row(String... cells) {
    return row(-1, cells);
  }

  /** With one more row. */
  public Table row(double share, String... cells) {
    var more = new ArrayList<>(rows);
    more.add(new Row(share, List.of(cells)));
    return new Table(caption, columns, more);
  }

  void draw(Markup out) {
    out.start("div", "table").start("table").line().element("caption", caption);
    out.start("thead").start("tr");
    for (String column : columns) out.start("th").attr("scope", "col").text(column).end();
    out.end().end().start("tbody").line();
    for (Row row : rows) {
      out.start("tr").start("th").attr("scope", "row").start("bdi");
      out.text(row.cells.getFirst()).end();
      if (row.share >= 0) {
        out.start("svg", "bar").attr("width", "100%").attr("height", 8).attr("aria-hidden", "true");
        out.start("rect", "back").attr("width", "100%").attr("height", 8).end();
        out.start("rect", "fill").percent("width", row.share).attr("height", 8).end().end();
      }
      out.end();
      for (String cell : row.cells.subList(1, row.cells.size())) {
        out.start("td");
        if (cell.length() > WORDS) out.attr("class", "words");
        out.text(cell).end();
      }
      out.end().line();
    }
    out.end().end().end().line();
  }
}
