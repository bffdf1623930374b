package dev.brigade.conformance;

import dev.brigade.engine.Engine;
import dev.brigade.testing.SerialisingEngine;
import dev.brigade.testing.conformance.EngineUnderTest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** For each clause, by its sentence, an engine that does not keep it. */
final class Defects {
  /** A double that hangs is found out after this; one that does not needs milliseconds. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Map<String, EngineUnderTest> table = new LinkedHashMap<>();

  static Map<String, EngineUnderTest> all() {
    var defects = new Defects();
    SubmissionDefects.addTo(defects);
    FutureDefects.addTo(defects);
    BulkDefects.addTo(defects);
    EndingDefects.addTo(defects);
    JobDefects.addTo(defects);
    BatchDefects.addTo(defects);
    ScopeDefects.addTo(defects);
    ShapeDefects.addTo(defects);
    return defects.table;
  }

  /** Broken virtual threads. */
  Defects virtual(String clause, UnaryOperator<Engine> broken) {
    return add(clause, 0, Engine::openVirtual, broken);
  }

  /** A broken pool of two threads. */
  Defects pool(String clause, UnaryOperator<Engine> broken) {
    return add(clause, 2, () -> Engine.openThreads(2), broken);
  }

  /** A broken engine whose tasks run elsewhere. */
  Defects elsewhere(String clause, UnaryOperator<Engine> broken) {
    return add(clause, 0, SerialisingEngine::open, broken);
  }

  /** A broken engine whose tasks run elsewhere, several items of a map at a time. */
  Defects batches(String clause, UnaryOperator<Engine> broken) {
    return add(clause, 0, SerialisingEngine::openChunked, broken);
  }

  Defects add(String clause, int bound, Supplier<Engine> sound, UnaryOperator<Engine> broken) {
    return add(clause, EngineUnderTest.owned("double", bound, () -> broken.apply(sound.get())));
  }

  Defects add(String clause, EngineUnderTest broken) {
    if (table.put(clause, broken.withPatience(PATIENCE)) != null)
      throw new IllegalStateException("two doubles for the clause: " + clause);
    return this;
  }
}
