package dev.brigade.testing.conformance;

import dev.brigade.engine.Engine;
import dev.brigade.engine.Traits;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One sentence of the contract and how it is checked.
 *
 * @param concern which part of the contract it belongs to
 * @param name the sentence
 * @param needs what an engine must be for it to apply
 * @param check fails if the engine does not keep it
 */
public record Clause(String concern, String name, List<Need> needs, Check check) {

  /** Checks one engine. */
  @FunctionalInterface
  public interface Check {
    /** Fails by an {@link AssertionError}, or any exception, if the clause is not kept. */
    void run(Trial trial) throws Exception;
  }

  /** Takes its own copy of the list. */
  public Clause {
    Objects.requireNonNull(check, "check");
    needs = List.copyOf(needs);
  }

  /** Whether it says something about such an engine, which is opened to find out. */
  public boolean appliesTo(EngineUnderTest subject) {
    return appliesTo(subject, traits(subject));
  }

  /** The same where the traits are known: not every engine is cheap to open. */
  boolean appliesTo(EngineUnderTest subject, Traits traits) {
    return needs.stream().allMatch(n -> n.metBy(subject, traits));
  }

  static Traits traits(EngineUnderTest subject) {
    Engine engine = subject.opener().get();
    try {
      return engine.traits();
    } finally {
      if (subject.owned()) engine.close();
    }
  }

  /**
   * Holds an engine to it, whether it applies or not.
   *
   * @throws AssertionError if the engine does not keep it, also if that took longer than the
   *     engine's patience
   */
  public void hold(EngineUnderTest subject) throws Exception {
    try (var trial = new Trial(subject)) {
      var failure = new Throwable[1];
      Thread t = new Thread(null, () -> failure[0] = attempt(trial), "clause: " + name, 0, false);
      t.setDaemon(true);
      t.start();
      if (!t.join(subject.patience())) throw hung(t);
      switch (failure[0]) {
        case null -> {}
        case Error e -> throw e;
        case Exception e -> throw e;
        case Throwable e -> throw new AssertionError(e);
      }
    }
  }

  private @Nullable Throwable attempt(Trial trial) {
    try {
      check.run(trial);
      return null;
    } catch (Throwable e) {
      return e;
    }
  }

  private static AssertionError hung(Thread t) {
    var e = new AssertionError("the clause was not done in time; it stands here");
    e.setStackTrace(t.getStackTrace());
    t.interrupt();
    return e;
  }

  @Override
  public String toString() {
    return concern + ": " + name;
  }
}
