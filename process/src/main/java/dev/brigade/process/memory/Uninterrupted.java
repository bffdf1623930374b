package dev.brigade.process.memory;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A channel is closed when a thread that uses it is interrupted. Opening, copying and mapping are
 * short, and worse to lose than an interrupt is to delay, so that interrupts are kept for later.
 */
final class Uninterrupted {
  interface Call<T> {
    T run() throws IOException;
  }

  private static final int STACK_BYTES = 128 << 10;

  /** One thread, when there is something to map, that nobody interrupts. */
  private static final ThreadPoolExecutor MAPPER =
      new ThreadPoolExecutor(
          1,
          1,
          100,
          TimeUnit.MILLISECONDS,
          new LinkedBlockingQueue<>(),
          work -> {
            var thread = new Thread(null, work, "brigade-mapper", STACK_BYTES, false);
            thread.setDaemon(true);
            return thread;
          });

  static {
    MAPPER.allowCoreThreadTimeOut(true);
  }

  private Uninterrupted() {}

  /** Does what can be done again if an interrupt came, with a channel of its own each time. */
  static <T> T again(Call<T> call) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return call.run();
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) Thread.currentThread().interrupt();
    }
  }

  /**
   * Does what must not meet an interrupt at all: a channel that is closed when it has just mapped
   * something forgets the mapping, which then stays for ever. Some 20 µs for the way to and fro.
   */
  static <T> T elsewhere(Call<T> call) throws IOException {
    Future<T> done = MAPPER.submit(call::run);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return done.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw rethrown(Objects.requireNonNull(e.getCause()));
        }
      }
    } finally {
      if (interrupted) Thread.currentThread().interrupt();
    }
  }

  private static IOException rethrown(Throwable cause) {
    return switch (cause) {
      case IOException e -> new IOException(e.getMessage(), e);
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> new IOException(cause);
    };
  }
}
