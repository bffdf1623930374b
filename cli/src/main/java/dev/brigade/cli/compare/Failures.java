package dev.brigade.cli.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Items of the user's own work that failed, with the latest reason of each. */
final class Failures {
  private final Map<Integer, String> reasons = new TreeMap<>();

  synchronized void add(int item, String reason) {
    reasons.put(item, reason);
  }

  /** One line for each item that failed in any run, in the order of the items. */
  synchronized List<String> lines() {
    return new ArrayList<>(reasons.values());
  }
}
