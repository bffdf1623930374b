package dev.brigade.task;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the shapes of a fan-out run: from the outside in, the page about it, its deadline and token,
 * the scope, the policy around the function, and the crew.
 */
record Launch(Choices choices) {

  /** Every item, by a rule that says what its end means. What the function throws passes unseen. */
  <A, R> @Nullable AutoRun crew(
      String shape, Items<A> items, Fn<? super A, ? extends R, ?> f, Rule<A, R> rule)
      throws InterruptedException {
    AutoRun auto = AutoRun.of(choices, shape);
    if (choices.report() == null) {
      crewUnderPolicy(choices, items, f, rule, auto);
      return auto;
    }
    Object unused =
        this.<Object, RuntimeException>reported(
            choices.report(),
            auto,
            () -> {
              crewUnderPolicy(choices.withReport(null), items, f, rule, auto);
              return Null.result(null);
            });
    return auto;
  }

  private <A, R> void crewUnderPolicy(
      Choices how,
      Items<A> items,
      Fn<? super A, ? extends R, ?> f,
      Rule<A, R> rule,
      @Nullable AutoRun auto)
      throws InterruptedException {
    UnderPolicy<A, R> under = UnderPolicy.of(how, f);
    Launch as =
        under == null && how == choices ? this : new Launch(under == null ? how : under.choices());
    Fn<? super A, ? extends R, ?> g = under == null ? f : under;
    Launch.<A, Object, RuntimeException>closing(
        items,
        () -> {
          if (auto == null) as.runCrew(items, g, rule, null);
          else auto.run(() -> as.runCrew(items, g, rule, auto));
          return Null.result(null);
        });
  }

  private static <A, R, X extends Exception> R closing(Items<A> items, Work<R, X> work)
      throws X, InterruptedException {
    long call = Failures.callBegins();
    Throwable thrown = null;
    try {
      return work.call();
    } catch (Throwable t) {
      thrown = t;
      throw t;
    } finally {
      items.close(thrown, call);
    }
  }

  private <A, R> void runCrew(
      Items<A> items, Fn<? super A, ? extends R, ?> f, Rule<A, R> rule, @Nullable AutoRun auto)
      throws InterruptedException {
    boolean here = choices.engine().traits().sharesJvm();
    this.<Object, RuntimeException>scoped(
        here ? TaskScope.Mode.COMBINATOR : TaskScope.Mode.TOLD,
        s -> {
          Items<A> input = rule.needsSize() ? items.counted() : items;
          rule.size(input.size());
          Crew<A, R> crew =
              auto == null ? Crew.of(s, input, f, rule, choices) : auto.crew(s, input, f, rule);
          s.completeWhen(crew::complete);
          crew.run();
          return Null.result(null);
        });
  }

  /** Until it is decided. */
  <A, R, X extends Exception> List<R> contest(
      String shape,
      int needed,
      boolean race,
      Items<A> items,
      Fn<? super A, ? extends R, ? extends X> f)
      throws X, InterruptedException {
    refuseAuto(shape, items);
    long call = Failures.callBegins();
    var rule = new Contest<A, R>(shape, needed, race);
    var unused = crew(shape, items, f, rule);
    if (rule.won()) return rule.winners();
    Throwable failure = rule.failure(call);
    if (failure == null) throw new InterruptedException(shape + " ended undecided");
    throw Failures.<X>sneaky(failure);
  }

  /** As they end, or in order. */
  <A, R> Completions<A, R> open(String shape, Items<A> items, Fn<? super A, ? extends R, ?> f) {
    refuseAuto(shape, items);
    return Completions.open(choices, items, f, shape.equals("inOrder"));
  }

  /** One after the other, with a delay between. */
  <A, R, X extends Exception> R staggered(
      long delayNanos, Items<A> items, Fn<? super A, ? extends R, ? extends X> f)
      throws X, InterruptedException {
    refuseAuto("hedge", items);
    UnderPolicy<A, R> under = UnderPolicy.of(choices, f);
    Launch as = under == null ? this : new Launch(under.choices());
    var pieces =
        new Staggered<A, R>(items, under == null ? f : under, delayNanos, as.choices.width());
    Launch.<A, Object, RuntimeException>closing(
        items,
        () ->
            as.<Object, RuntimeException>scoped(
                TaskScope.Mode.TOLD,
                s -> {
                  pieces.run(s);
                  return Null.result(null);
                }));
    return pieces.<X>result();
  }

  void refuseAuto(String shape, @Nullable Items<?> items) {
    if (choices.auto() == null) return;
    var e =
        new IllegalStateException(
            "auto() measures shapes that run all their items, such as map, forEach and settle; "
                + shape
                + " is not one: leave out auto(), or choose an engine with on(...)");
    if (items != null) items.close(e, Failures.callBegins());
    throw e;
  }

  /** A scope with all that was chosen. */
  <R, X extends Exception> R scoped(
      TaskScope.Mode mode, Fn<? super TaskScope, ? extends R, ? extends X> body)
      throws X, InterruptedException {
    Path file = choices.report();
    if (file == null) return this.<R, X>timed(mode, body);
    return this.<R, X>reported(file, null, () -> this.<R, X>timed(mode, body));
  }

  private <R, X extends Exception> R reported(Path file, @Nullable AutoRun auto, Work<R, X> work)
      throws X, InterruptedException {
    var reporting = Reporting.begin(choices, file);
    R result;
    try {
      result = work.call();
    } catch (Throwable t) {
      reporting.end(t, AutoRun.inWords(auto));
      throw t;
    }
    reporting.end(null, AutoRun.inWords(auto));
    return result;
  }

  private <R, X extends Exception> R timed(
      TaskScope.Mode mode, Fn<? super TaskScope, ? extends R, ? extends X> body)
      throws X, InterruptedException {
    if (choices.withinNanos() < 0) return this.<R, X>linked(mode, body);
    return Tasks.<R, X>within(
        choices.time(), choices.withinNanos(), () -> this.<R, X>linked(mode, body));
  }

  private <R, X extends Exception> R linked(
      TaskScope.Mode mode, Fn<? super TaskScope, ? extends R, ? extends X> body)
      throws X, InterruptedException {
    CancelToken stop = choices.token();
    if (stop == null) return TaskScope.<R, X>call(choices, mode, body);
    stop.throwIfCancelled();
    return TaskScope.<R, X>call(
        choices,
        mode,
        s -> {
          s.closeWith(stop.onCancel(s::cancelFromToken));
          return body.apply(s);
        });
  }
}
