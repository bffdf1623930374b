package dev.brigade.testing;

/** Fails a test that leaves a thread behind. */
public final class LeakCheck {
  private LeakCheck() {}
}
