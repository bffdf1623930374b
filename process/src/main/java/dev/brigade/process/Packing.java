package dev.brigade.process;

import dev.brigade.engine.Batch;
import dev.brigade.process.wire.Codec;
import dev.brigade.process.wire.Functions;
import dev.brigade.process.wire.Output;
import java.io.NotSerializableException;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Turns tasks into bytes on the threads that submit them, so that what can't travel is refused. */
final class Packing {
  private static final byte[] NOTHING = {};
  private static final int KEPT_BYTES = 64 << 10;

  private final Supplier<Codec> codecs;
  private final Functions functions;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Desk> free = new ArrayDeque<>();

  /** What one thread at a time packs with. */
  private record Desk(Codec codec, Output out) {}

  @FunctionalInterface
  private interface Body {
    void write(Codec codec, Output out) throws NotSerializableException;
  }

  Packing(Supplier<Codec> codecs) {
    this.codecs = codecs;
    functions = new Functions(codecs.get());
  }

  /** A callable or a command. */
  Parcel work(Object function) {
    return pack(function, null);
  }

  Parcel call(Object function, @Nullable Object argument) {
    return pack(function, (codec, out) -> codec.write(argument, out));
  }

  /** The items of a batch from this one on. */
  Parcel batch(Batch batch, int from) {
    return pack(
        batch.function(),
        (codec, out) -> {
          out.putByte(batch.stopsAtFailure() ? 1 : 0);
          out.putVarLong(batch.size() - from);
          for (int i = from; i < batch.size(); i++) {
            int head = out.reserve(4);
            codec.write(batch.item(i), out);
            out.setInt(head, out.size() - head - 4);
          }
        });
  }

  private Parcel pack(Object function, @Nullable Body body) {
    Exchange exchange = Exchange.writing();
    Desk desk = body == null ? null : take();
    exchange.enter();
    try {
      Functions.Reference reference = functions.of(function);
      byte[] bytes = NOTHING;
      if (desk != null && body != null) {
        body.write(desk.codec, desk.out);
        bytes = desk.out.toByteArray();
      }
      long size = reference.bytes().length + (long) bytes.length;
      if (size > WorkerStart.MAX_FRAME_BYTES - 1024) {
        close(exchange.lent());
        throw new RejectedExecutionException(
            "the task takes "
                + size
                + " bytes, more than the "
                + WorkerStart.MAX_FRAME_BYTES
                + " that travel at once: give big arrays as a SharedArray");
      }
      return new Parcel(reference, bytes, exchange.lent());
    } catch (NotSerializableException e) {
      close(exchange.lent());
      throw new RejectedExecutionException("the task can't travel: " + e.getMessage(), e);
    } catch (RuntimeException | Error e) {
      close(exchange.lent());
      throw e;
    } finally {
      exchange.exit();
      if (desk != null) give(desk);
    }
  }

  private static void close(@Nullable Lease lease) {
    if (lease != null) lease.close();
  }

  private Desk take() {
    lock.lock();
    try {
      if (!free.isEmpty()) return free.pop();
    } finally {
      lock.unlock();
    }
    return new Desk(codecs.get(), new Output());
  }

  private void give(Desk desk) {
    desk.out.truncate(0);
    desk.out.trim(KEPT_BYTES);
    lock.lock();
    try {
      free.push(desk);
    } finally {
      lock.unlock();
    }
  }
}
