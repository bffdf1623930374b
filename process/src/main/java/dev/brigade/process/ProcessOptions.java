package dev.brigade.process;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a pool of workers is like.
 *
 * @param size how many workers
 * @param worker what each is like
 * @param recycling when one is replaced
 * @param queue how much may wait for a worker
 * @param name for people
 */
public record ProcessOptions(
    Size size, WorkerOptions worker, Recycling recycling, Queue queue, String name) {

  /**
   * How many workers.
   *
   * @param min kept also when there is nothing to do, at least 0
   * @param max at most, beside those that are started to replace others; at least 1
   * @param spare ready ones beside those that work, so that a dead one's place is taken at once
   * @param concurrency tasks at once in each worker, at least 1
   */
  public record Size(int min, int max, int spare, int concurrency) {
    /** Checks the values. */
    public Size {
      if (min < 0) throw new IllegalArgumentException("min must not be negative, but was " + min);
      if (max < 1) throw new IllegalArgumentException("max must be at least 1, but was " + max);
      if (min > max)
        throw new IllegalArgumentException(
            "min must not be more than max, but they were " + min + " and " + max);
      if (spare < 0)
        throw new IllegalArgumentException("spare must not be negative, but was " + spare);
      if (concurrency < 1 || concurrency > 256)
        throw new IllegalArgumentException("concurrency must be 1 to 256, but was " + concurrency);
    }
  }

  /**
   * When a worker is replaced. The replacement is ready before the old one stops, and the old one
   * ends what it has begun.
   *
   * @param maxTasks after so many tasks, 0 for never
   * @param maxAge at this age, or null for never
   * @param maxResidentBytes when it takes so much memory between two tasks, 0 for never
   */
  public record Recycling(long maxTasks, @Nullable Duration maxAge, long maxResidentBytes) {
    /** Checks the values. */
    public Recycling {
      if (maxTasks < 0)
        throw new IllegalArgumentException("maxTasks must not be negative, but was " + maxTasks);
      if (maxAge != null && (maxAge.isZero() || maxAge.isNegative()))
        throw new IllegalArgumentException("maxAge must be more than zero, but was " + maxAge);
      if (maxAge != null) maxAge = Countable.of(maxAge);
      if (maxResidentBytes < 0)
        throw new IllegalArgumentException(
            "maxResidentBytes must not be negative, but was " + maxResidentBytes);
    }
  }

  /**
   * How much may wait for a worker.
   *
   * @param tasks how many, at least 1
   * @param bytes how many bytes their functions and arguments take, at least 1; one task alone may
   *     be bigger
   * @param whenFull what a submission does then
   */
  public record Queue(int tasks, long bytes, WhenFull whenFull) {
    /** Checks the values. */
    public Queue {
      if (tasks < 1)
        throw new IllegalArgumentException("tasks must be at least 1, but was " + tasks);
      if (bytes < 1)
        throw new IllegalArgumentException("bytes must be at least 1, but was " + bytes);
      Objects.requireNonNull(whenFull, "whenFull");
    }
  }

  /** What a submission does when the queue is full. */
  public enum WhenFull {
    /** It waits for room; an interrupt while it waits rejects it. */
    WAIT,
    /** It is rejected with a {@link java.util.concurrent.RejectedExecutionException}. */
    REJECT,
    /** It takes the place of the task that has waited longest, which is rejected. */
    DISCARD_OLDEST
  }

  /** Checks the values. */
  public ProcessOptions {
    Objects.requireNonNull(size, "size");
    Objects.requireNonNull(worker, "worker");
    Objects.requireNonNull(recycling, "recycling");
    Objects.requireNonNull(queue, "queue");
    Objects.requireNonNull(name, "name");
  }

  /**
   * A fixed number of workers, one task at a time in each, none spare, never recycled, and a queue
   * of 100,000 tasks or 256 MiB that makes submitters wait.
   *
   * @param workers at least 1
   */
  public static ProcessOptions of(int workers) {
    if (workers < 1)
      throw new IllegalArgumentException("workers must be at least 1, but was " + workers);
    return new ProcessOptions(
        new Size(workers, workers, 0, 1),
        WorkerOptions.of(),
        new Recycling(0, null, 0),
        new Queue(100_000, 256L << 20, WhenFull.WAIT),
        "processes");
  }

  /** With so many workers kept and so many at most. */
  public ProcessOptions withWorkers(int min, int max) {
    return withSize(new Size(min, max, size.spare, size.concurrency));
  }

  /** With so many ready workers beside those that work. */
  public ProcessOptions withSpare(int spare) {
    return withSize(new Size(size.min, size.max, spare, size.concurrency));
  }

  /** With so many tasks at once in each worker. */
  public ProcessOptions withConcurrency(int concurrency) {
    return withSize(new Size(size.min, size.max, size.spare, concurrency));
  }

  /** With another size. */
  public ProcessOptions withSize(Size other) {
    return new ProcessOptions(other, worker, recycling, queue, name);
  }

  /** With other workers. */
  public ProcessOptions withWorker(WorkerOptions other) {
    return new ProcessOptions(size, other, recycling, queue, name);
  }

  /** With each worker replaced after so many tasks; 1 is a fresh worker for each task. */
  public ProcessOptions withMaxTasks(long maxTasks) {
    return withRecycling(new Recycling(maxTasks, recycling.maxAge, recycling.maxResidentBytes));
  }

  /** With other rules of replacement. */
  public ProcessOptions withRecycling(Recycling other) {
    return new ProcessOptions(size, worker, other, queue, name);
  }

  /** With another queue. */
  public ProcessOptions withQueue(int tasks, long bytes, WhenFull whenFull) {
    return new ProcessOptions(size, worker, recycling, new Queue(tasks, bytes, whenFull), name);
  }

  /** With a name. */
  public ProcessOptions withName(String other) {
    return new ProcessOptions(size, worker, recycling, queue, other);
  }
}
