package dev.brigade.task;

import dev.brigade.auto.Advice;
import dev.brigade.engine.Engine;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * That the engine is to be found by measuring.
 *
 * @param elsewhere an engine outside of this JVM that may be chosen too, if there is one
 * @param listener who hears the advice
 */
record Measuring(@Nullable Engine elsewhere, Consumer<? super Advice> listener) {

  /** Who hears it is added to those who do already. */
  Measuring heardBy(Consumer<? super Advice> more) {
    Consumer<? super Advice> before = listener;
    return new Measuring(
        elsewhere,
        advice -> {
          before.accept(advice);
          more.accept(advice);
        });
  }
}
