package dev.brigade.task;

import org.jspecify.annotations.Nullable;

/** Where null is a legal result, as a value of any type. */
final class Null {
  private Null() {}

  @SuppressWarnings("NullAway")
  static <T> T result(@Nullable T value) {
    return value;
  }
}
