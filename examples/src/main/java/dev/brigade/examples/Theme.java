package dev.brigade.examples;

/** What an example is about, in the order in which they are listed. */
public enum Theme {
  /** Work that waits: downloads, queries, sleeps. */
  WAITING("Waiting at the same time"),
  /** Work that computes. */
  COMPUTING("Computing on all cores"),
  /** Work in processes of its own. */
  PROCESSES("In other processes"),
  /** What several tasks read and write. */
  SHARING("Sharing state"),
  /** Bounds, deadlines, clean-up, and who wins. */
  ENDING("Limits, deadlines and outcomes"),
  /** Mistakes, and what tells them. */
  PITFALLS("Pitfalls");

  private final String title;

  Theme(String title) {
    this.title = title;
  }

  /** The heading of its examples. */
  public String title() {
    return title;
  }
}
