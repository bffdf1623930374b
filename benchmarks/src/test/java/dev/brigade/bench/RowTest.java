package dev.brigade.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class RowTest {
  private static final Metric LOWER = Metric.lower("1 task", "ns/task").withGoal("peer \"x\"", 1.0);

  private static Tally tally(Metric metric) {
    return new Tally("fork-join", List.of(metric), List.of("Brigade", "peer \"x\"", "other"));
  }

  @Test
  void rowCarriesMediansRatioAndSpread() {
    Tally tally = tally(LOWER);
    for (double ours : new double[] {3, 1, 2}) tally.sampled("Brigade", new double[] {ours});
    for (double peer : new double[] {4, 6, 5, 4}) tally.sampled("peer \"x\"", new double[] {peer});
    assertEquals(
        "{\"bench\": \"fork-join\", \"case\": \"1 task\", \"ours\": 2, \"peer\": 4.5, \"peer_name\": \"peer \\\"x\\\"\","
            + " \"unit\": \"ns/task\", \"better\": \"lower\", \"ratio\": 0.44444, \"goal\": 1, \"met\": true, \"rounds\": 3,"
            + " \"ours_min\": 1, \"ours_max\": 3, \"peer_min\": 4, \"peer_max\": 6}",
        tally.rows().getFirst().json());
  }

  @Test
  void missingPeerGivesARowThatSaysWhy() {
    Tally tally = tally(LOWER);
    tally.sampled("Brigade", new double[] {2});
    tally.sampled("peer \"x\"", new double[] {4});
    tally.skipped("other", "not installed");
    Row row = tally.rows().getLast();
    assertEquals("not installed", row.skipped());
    assertTrue(row.json().endsWith("\"skipped\": \"not installed\"}"), row.json());
    assertNull(row.met());
  }

  @Test
  void failureOfOursSkipsEveryRowButKeepsThePeersFigures() {
    Tally tally = tally(LOWER);
    tally.sampled("peer \"x\"", new double[] {4});
    tally.skipped("Brigade", "failed: boom");
    Row row = tally.rows().getFirst();
    assertEquals("ours: failed: boom", row.skipped());
    assertNull(row.ours());
    assertTrue(row.json().contains("\"peer\": 4"), row.json());
  }

  @Test
  void sideWithoutRoundsIsNeverSilent() {
    Tally tally = tally(LOWER);
    tally.sampled("Brigade", new double[] {2});
    assertEquals("no round was measured in the time given", tally.rows().getFirst().skipped());
  }

  @Test
  void goalOfAHigherMetricIsALowerBound() {
    Tally tally = tally(Metric.higher("share", "share").withGoal("other", 0.95));
    tally.sampled("Brigade", new double[] {0.9});
    tally.sampled("other", new double[] {1.0});
    assertEquals(false, tally.rows().getLast().met());
  }
}
