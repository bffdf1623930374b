package dev.brigade.process;

import dev.brigade.process.wire.Codec;
import dev.brigade.process.wire.Input;
import dev.brigade.process.wire.Output;
import dev.brigade.task.Fn;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What a fresh worker does while nothing is asked of it: packs, unpacks and runs a task of its own
 * a few times, so that the classes which every first task needs are there. Without it the first
 * task of a spare worker takes tens of milliseconds.
 */
final class Rehearsal extends Thread {
  private static final long AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final int ROUNDS = 20;

  private final Codec codec;

  Rehearsal(Codec codec) {
    super("brigade-rehearsal");
    setDaemon(true);
    this.codec = codec;
  }

  @Override
  public void run() {
    try {
      // What comes with the first breath goes first.
      LockSupport.parkNanos(this, AFTER_NANOS);
      rounds(codec, ROUNDS);
    } catch (Throwable t) {
      // It was only a rehearsal.
      return;
    }
  }

  /** The same at once, in a worker that shows what it takes. */
  static void rounds(int count) throws Exception {
    rounds(Codec.ofWorker(ClassLoader.getSystemClassLoader(), null), count);
  }

  private static void rounds(Codec codec, int count) throws Exception {
    for (int i = 0; i < count; i++) round(codec, i);
  }

  @SuppressWarnings("unchecked")
  private static void round(Codec codec, int n) throws Exception {
    var out = new Output();
    Fn<Integer, Integer, RuntimeException> part = x -> x + 1;
    codec.write(part, out);
    codec.write(n, out);
    var in = new Input(out.array(), 0, out.size());
    var function = (Fn<Integer, Integer, RuntimeException>) codec.read(in);
    Integer argument = (Integer) codec.read(in);
    if (function == null || argument == null) return;
    out.truncate(0);
    codec.write(function.apply(argument), out);
  }
}
