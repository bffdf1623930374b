package dev.brigade.observe;

/**
 * Is told of each {@link TaskEvent} as it happens, on the thread that it happens on.
 *
 * <p>An observer must be fast, must not block, and must not fork; what it throws is logged and
 * otherwise ignored. Events of one task arrive in order, those of different tasks concurrently.
 */
@FunctionalInterface
public interface Observer {
  /** Takes one event. */
  void onEvent(TaskEvent event);

  /** Takes one event of a policy; does nothing unless overridden. */
  default void onPolicy(PolicyEvent event) {}
}
