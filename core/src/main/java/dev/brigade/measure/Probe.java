package dev.brigade.measure;

/** Looks at one thread, from any thread, but from one at a time. */
public interface Probe extends AutoCloseable {

  /** What a thread is doing at one moment. */
  enum Doing {
    /** On a core, or ready and in the queue for one. */
    RUNNING,
    /** Waiting for something outside: a time, an answer, a signal. */
    WAITING,
    /** Waiting for a lock that another thread holds. */
    LOCKED,
    /** Stopped by the JVM: for garbage collection, or for code to be exchanged. */
    STOPPED,
    /** It has ended. */
    GONE
  }

  /**
   * One look.
   *
   * @param cpuNanos the time spent on a core since some origin; of a running thread it may be a
   *     tick behind, of a waiting one it is exact
   * @param queuedNanos the time spent ready, in the queue for a core, since some origin; of a
   *     queued thread its current stay is missing, of a waiting one it is exact
   * @param waits how often it has begun to wait since some origin
   */
  record Look(long cpuNanos, long queuedNanos, long waits, Doing doing) {}

  /** Reads the thread's figures now. */
  Look look();

  @Override
  void close();
}
