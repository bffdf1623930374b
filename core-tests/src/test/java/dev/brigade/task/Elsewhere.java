package dev.brigade.task;

import dev.brigade.engine.Engine;
import dev.brigade.engine.Job;
import dev.brigade.engine.Traits;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** An engine that says it runs tasks in another JVM, and reports on them as such a one does. */
final class Elsewhere {
  private static final Traits TRAITS =
      new Traits("elsewhere", 4, false, true, false, true, Traits.Delivery.AT_MOST_ONCE, true);

  private static final Traits CHUNKED =
      new Traits("elsewhere", 4, false, true, true, true, Traits.Delivery.AT_MOST_ONCE, true);

  private Elsewhere() {}

  static Engine engine() {
    return engine(TRAITS);
  }

  /** One that is given batches, and takes them for single tasks. */
  static Engine chunked() {
    return engine(CHUNKED);
  }

  private static Engine engine(Traits traits) {
    return (Engine)
        Proxy.newProxyInstance(
            Engine.class.getClassLoader(),
            new Class<?>[] {Engine.class},
            (proxy, method, args) -> {
              switch (method.getName()) {
                case "traits" -> {
                  return traits;
                }
                case "launch" -> {
                  Thread.ofVirtual().start(() -> run((Job) args[0]));
                  return null;
                }
                default -> {
                  try {
                    return method.invoke(Engine.virtual(), args);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                }
              }
            });
  }

  private static void run(Job job) {
    if (!job.tryStart()) return;
    Thread me = Thread.currentThread();
    job.onCancel(reason -> me.interrupt());
    try {
      job.succeed(job.work().call());
    } catch (Throwable t) {
      job.fail(t);
    }
  }
}
