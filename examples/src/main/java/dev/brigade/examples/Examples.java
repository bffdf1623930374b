package dev.brigade.examples;

/** The catalogue of the examples. */
public final class Examples {
  private Examples() {}
}
