package dev.brigade.process;

import java.time.Duration;

/**
 * One worker at one moment.
 *
 * @param number counted from 1 over all workers that the pool ever had
 * @param pid its process
 * @param state what it is about
 * @param running how many tasks it runs
 * @param tasks how many it has run to an end
 * @param age since its JVM was started
 * @param residentBytes what its process takes, 0 if that can't be told
 */
public record WorkerInfo(
    int number, long pid, State state, int running, long tasks, Duration age, long residentBytes) {

  /** What a worker is about. */
  public enum State {
    /** Its JVM starts. */
    STARTING,
    /** It runs its initialiser. */
    INITIALISING,
    /** It waits for tasks or runs them. */
    READY,
    /** It ends what it has begun and takes nothing more. */
    RETIRING,
    /** It is gone, or about to be. */
    DEAD
  }
}
