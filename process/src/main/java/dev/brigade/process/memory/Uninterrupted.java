package dev.brigade.process.memory;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/**
 * A channel is closed when a thread that uses it is interrupted. Opening, copying and mapping are
 * short, and worse to lose than an interrupt is to delay: each uses a channel of its own, is done
 * again if an interrupt came, and the interrupt is kept for later.
 */
final class Uninterrupted {
  interface Call<T> {
    T run() throws IOException;
  }

  private Uninterrupted() {}

  static <T> T call(Call<T> call) throws IOException {
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
}
