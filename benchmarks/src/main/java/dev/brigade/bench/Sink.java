package dev.brigade.bench;

/** Takes results, so that the compiler must compute them. */
public final class Sink {
  static volatile long last;

  private Sink() {}

  public static void take(long result) {
    last = result;
  }
}
