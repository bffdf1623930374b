package dev.brigade.process.launch;

/** Between a worker's output and where it goes. */
interface OutputFilter {
  /** Takes the first so many bytes, and passes on what is to be seen. */
  void take(byte[] bytes, int length);

  /** There will be no more. */
  void end();
}
