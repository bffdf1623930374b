package dev.brigade.task;

import dev.brigade.engine.Engine;
import dev.brigade.observe.Observers;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A task with what most tasks do without: a name, an engine other than its scope's, a number. */
final class NamedTask<T> extends TaskNode<T> {
  private final @Nullable String name;
  private final Engine engine;
  private final String site;
  private final long number;

  NamedTask(
      TaskScope scope,
      Callable<? extends T> work,
      int flags,
      @Nullable String name,
      Engine engine) {
    super(scope, work, flags);
    this.name = name;
    this.engine = engine;
    boolean observed = Observers.present();
    this.number = observed ? Observers.nextNumber() : 0;
    this.site = observed ? ForkSite.line() : ForkSite.of(work);
  }

  @Override
  Engine engine() {
    return engine;
  }

  @Override
  long number() {
    return number;
  }

  @Override
  public String name() {
    return name != null ? name : site;
  }

  @Override
  String site() {
    return site;
  }
}
