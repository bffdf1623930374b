package dev.brigade.bench.timeout;

import dev.brigade.bench.Side;
import java.time.Duration;
import java.util.concurrent.Callable;

/** A library's timeout. */
public interface TimeoutSide extends Side {
  /** The limit of the timed calls: never reached. */
  Duration LIMIT = Duration.ofSeconds(10);

  /** The limit of the pending ones. */
  Duration LONG = Duration.ofHours(1);

  /** Runs the body inside a timeout of {@link #LONG}. */
  void hold(Callable<Void> body) throws Exception;
}
