/** Brigade's core: tasks, scopes, engines and policies on {@code java.base} alone. */
module dev.brigade.core {
  requires static org.jspecify;

  exports dev.brigade.task;
}
