package dev.brigade.task;

/** The shapes of concurrent work. */
public final class Tasks {
  private Tasks() {}
}
