package dev.brigade.bench.memory;

/** A library's way to have many tasks at once. */
public interface ParkedTasks {
  ScopedValue<String> KEY = ScopedValue.newInstance();

  /**
   * Starts the tasks, keeping a handle of each as a caller does who wants the results, then calls
   * {@code whileHeld}, then waits for the tasks.
   *
   * @param scopedValue whether {@link #KEY} must be bound in every task as it is in the caller
   */
  void hold(int tasks, boolean scopedValue, Runnable body, Runnable whileHeld) throws Exception;

  /** Calls with the key bound. */
  static void bound(boolean scopedValue, ScopedValue.CallableOp<Object, Exception> work)
      throws Exception {
    if (scopedValue) ScopedValue.where(KEY, "bound").call(work);
    else work.call();
  }
}
