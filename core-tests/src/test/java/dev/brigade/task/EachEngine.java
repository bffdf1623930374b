package dev.brigade.task;

import dev.brigade.engine.Engine;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** The engines in this JVM, for tests that hold on all of them. */
public final class EachEngine {
  private EachEngine() {}

  /** Opens one, or gives a shared one; closing a shared one does nothing. */
  @FunctionalInterface
  public interface Opener {
    /** Opens it. */
    Engine open();
  }

  /** For {@code @MethodSource("dev.brigade.task.EachEngine#all")}. */
  public static Stream<Named<Opener>> all() {
    return Stream.of(
        Named.of("virtual", Engine::virtual),
        Named.of("cores", Engine::cores),
        Named.of("opened virtual", Engine::openVirtual),
        Named.of("opened cores", () -> Engine.openCores(4)),
        Named.of("opened threads", () -> Engine.openThreads(4)));
  }
}
