package dev.brigade.storm;

import dev.brigade.task.Work;
import java.io.Serializable;
import java.util.Random;
import java.util.concurrent.Callable;

/**
 * What a worker is told to do.
 *
 * @param id of the task
 * @param starts where to write down that it began
 * @param mischief what to do
 * @param nanos for how long, where it takes a while
 * @param ballast only to be carried
 */
record Order(int id, String starts, Mischief mischief, long nanos, byte[] ballast)
    implements Work<Object, Exception>, Callable<Object>, Runnable, Serializable {

  static Object fill(Order order) throws Exception {
    Starts.add(order.starts, order.id);
    return order.mischief.commit(order.id, order.nanos);
  }

  @Override
  public Object call() throws Exception {
    return fill(this);
  }

  @Override
  public void run() {
    try {
      Object unused = fill(this);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] ballast(int bytes, long seed) {
    byte[] ballast = new byte[bytes];
    new Random(seed).nextBytes(ballast);
    return ballast;
  }
}
