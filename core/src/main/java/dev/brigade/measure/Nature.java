package dev.brigade.measure;

import java.util.Locale;

/** What a piece of work is, seen from the cores. */
public enum Nature {
  /** Too little of it to be told. */
  UNKNOWN,
  /** Keeps a core busy. */
  COMPUTES,
  /** Partly computes, partly waits. */
  MIXED,
  /** Waits for something outside. */
  WAITS,
  /** Its items wait for one another, at a lock. */
  CONTENDS;

  /** In lower case. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
