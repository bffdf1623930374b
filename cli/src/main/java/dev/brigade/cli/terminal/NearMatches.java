package dev.brigade.cli.terminal;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds what somebody may have meant. */
public final class NearMatches {
  private static final int AT_MOST = 3;

  private NearMatches() {}

  /** Up to three of the names that are like {@code typed}, the nearest first. */
  public static List<String> of(String typed, Collection<String> names) {
    String word = typed.toLowerCase(Locale.ROOT);
    return names.stream()
        .filter(name -> distance(word, name) <= Math.max(1, name.length() / 3) || part(word, name))
        .sorted(Comparator.comparingInt(name -> distance(word, name)))
        .limit(AT_MOST)
        .toList();
  }

  private static boolean part(String word, String name) {
    return word.length() >= 3 && (name.contains(word) || word.contains(name));
  }

  /** Levenshtein's: how many letters to add, remove or change. */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) row[j] = j;
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
