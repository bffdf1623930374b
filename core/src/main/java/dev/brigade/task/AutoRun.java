package dev.brigade.task;

import dev.brigade.auto.Advice;
import dev.brigade.measure.Probes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One fan-out of {@code auto()}: its trial, and the advice at its end. */
final class AutoRun {
  private final String shape;
  private final Measuring how;
  private final long startNanos = System.nanoTime();
  final Trial trial;
  private @Nullable Crew<?, ?> crew;
  private @Nullable Advice advice;

  private AutoRun(String shape, Measuring how, Trial trial) {
    this.shape = shape;
    this.how = how;
    this.trial = trial;
  }

  /** Null if nothing is to be measured. */
  static @Nullable AutoRun of(Choices choices, String shape) {
    Measuring how = choices.auto();
    if (how == null) return null;
    int cores = Runtime.getRuntime().availableProcessors();
    var trial = new Trial(Probes.ofMachine(), AdaptivePace::new, cores, choices.limit());
    // A policy has state, and so its function can't travel.
    Measuring used = choices.hasPolicy() ? new Measuring(null, how.listener()) : how;
    return new AutoRun(shape, used, trial);
  }

  <A, R> Crew<A, R> crew(
      TaskScope scope, Items<A> items, Fn<? super A, ? extends R, ?> f, Rule<A, R> rule) {
    Crew<A, R> made = MeasuredCrew.of(scope, items, f, rule, trial, how.elsewhere());
    crew = made;
    return made;
  }

  /** Runs the fan-out, and says what was found, whatever becomes of it. */
  void run(VoidWork<InterruptedException> fanOut) throws InterruptedException {
    long call = Failures.callBegins();
    try {
      fanOut.run();
    } catch (Throwable t) {
      try {
        ended();
      } catch (Throwable fromListener) {
        Failures.suppress(t, fromListener, call);
      }
      throw t;
    }
    ended();
  }

  private void ended() {
    long took = System.nanoTime() - startNanos;
    int items = crew == null ? 0 : crew.done();
    Advice written = new AdviceWriter(shape, trial.finding(), items, took).advice(startNanos);
    advice = written;
    how.listener().accept(written);
  }

  /** For people, when it has ended. */
  static @Nullable String inWords(@Nullable AutoRun of) {
    return of == null || of.advice == null ? null : of.advice.toString();
  }

  /** The list, with the advice if there is one. */
  static <E> List<E> list(List<E> results, @Nullable AutoRun of) {
    return of == null || of.advice == null ? results : new AdvisedList<>(results, of.advice);
  }
}
