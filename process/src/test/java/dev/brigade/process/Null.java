package dev.brigade.process;

/** Null where a test means it. */
final class Null {
  private Null() {}

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  static <T> T value() {
    return null;
  }
}
