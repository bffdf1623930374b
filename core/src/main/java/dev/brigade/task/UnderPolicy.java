package dev.brigade.task;

import dev.brigade.engine.Engine;
import dev.brigade.policy.Policy;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A function under a policy. The policy has state and so stays here: on an engine that does not
 * share the JVM, a virtual thread here applies it and waits for the work that travels.
 */
final class UnderPolicy<A, R> implements Fn<A, R, Exception>, ForkSite.Wrapper {
  private static final long serialVersionUID = 1L;

  private final transient Policy policy;
  private final transient Choices choices;
  private final Fn<? super A, ? extends R, ?> f;
  private final Fn<? super A, ? extends R, ?> inner;

  private UnderPolicy(Policy policy, Choices choices, Fn<? super A, ? extends R, ?> f) {
    this.policy = policy;
    this.f = f;
    if (choices.engine().traits().sharesJvm()) {
      this.choices = choices.withoutPolicy();
      this.inner = f;
    } else {
      this.choices =
          choices.withoutPolicy().withEngine(Engine.virtual()).withLimit(choices.width());
      FanOut there = FanOut.DEFAULT.on(choices.engine());
      this.inner = a -> there.<A, R, Exception>map(Collections.singletonList(a), f).getFirst();
    }
  }

  /** Null if there is no policy. */
  static <A, R> @Nullable UnderPolicy<A, R> of(Choices choices, Fn<? super A, ? extends R, ?> f) {
    return choices.policy() == null ? null : new UnderPolicy<>(choices.policy(), choices, f);
  }

  /** How to run it. */
  Choices choices() {
    return choices;
  }

  @Override
  public R apply(A item) throws Exception {
    return policy.<R, Exception>callFor(item, () -> inner.apply(item));
  }

  @Override
  public Object wrapped() {
    return f;
  }

  /** For choices that have a policy. */
  static <T> Call<T> call(Choices choices, Engine on, Callable<? extends T> work) {
    return new Call<>(Objects.requireNonNull(choices.policy()), on, work);
  }

  /** One piece of work under a policy, likewise; the engine is the work's. */
  record Call<T>(Policy policy, Engine on, Callable<? extends T> work)
      implements Callable<T>, ForkSite.Wrapper {
    /** Where the policy is applied. */
    Engine here() {
      return on.traits().sharesJvm() ? on : Engine.virtual();
    }

    @Override
    public T call() throws Exception {
      return policy.<T, Exception>call(this::attempt);
    }

    private T attempt() throws Exception {
      if (on.traits().sharesJvm()) return work.call();
      List<Work<T, Exception>> one = List.of(new Travelling<>(work));
      return FanOut.DEFAULT.on(on).<T, Exception>all(one).getFirst();
    }

    @Override
    public Object wrapped() {
      return work;
    }
  }

  private record Travelling<T>(Callable<? extends T> work)
      implements Work<T, Exception>, ForkSite.Wrapper {
    @Override
    public T call() throws Exception {
      return work.call();
    }

    @Override
    public Object wrapped() {
      return work;
    }
  }
}
