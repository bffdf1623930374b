package dev.brigade.process.memory;

import java.nio.file.Path;

/** What keeps shared memory alive in this process, and reachable for others. */
interface Holder {
  /** The descriptor, or -1. */
  int fd();

  /** Where this process can open it. */
  Path path();

  /** Makes its size final, once it has it; where that can be had. */
  void seal();

  /** Lets go. Called once. */
  void close();
}
