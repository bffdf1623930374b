package dev.brigade.process;

import dev.brigade.process.wire.Codec;
import dev.brigade.process.wire.Input;
import dev.brigade.process.wire.Link;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The worker's end of a {@link WorkerProcess}, and the thread that runs its handler.
 *
 * <p>A request is answered by what is sent first after it was received; one that was not answered
 * when the next message is received never will be, and its sender is told so.
 *
 * <p>Guard of {@code running} and of interrupts: {@code guard}, so that an interrupt hits the
 * message that it is meant for or none.
 */
final class WorkerPort implements MessagePort<Object, Object>, Runnable {
  private final byte[] function;
  private final Codec codec;
  private final Mail mail;
  private final AtomicLong unanswered = new AtomicLong();
  private volatile boolean failed;
  private WorkerProcess.@Nullable Handler<Object, Object> handler;
  private WorkerProcess.@Nullable Loop<Object, Object> loop;

  private final Object guard = new Object();
  private @Nullable Thread running;

  WorkerPort(Input in, Link link, Supplier<Codec> codecs, long parent) throws IOException {
    var bounds = new WorkerProcess.Bounds((int) in.getVarLong(), in.getVarLong());
    function = in.getBytes(in.remaining());
    codec = codecs.get();
    mail = new Mail(bounds, codecs, () -> parent);
    mail.connect(link::send);
  }

  /** Reads the handler, which may run code of its classes. */
  @SuppressWarnings("unchecked")
  void prepare() throws IOException, ClassNotFoundException {
    Object read = codec.read(new Input(function));
    if (read instanceof WorkerProcess.Handler<?, ?> h) {
      handler = (WorkerProcess.Handler<Object, Object>) h;
    } else {
      loop = (WorkerProcess.Loop<Object, Object>) Objects.requireNonNull(read);
    }
  }

  void start() {
    Thread unused = Thread.ofPlatform().name("brigade-messages").start(this);
  }

  /** A frame about messages has come. */
  void take(int kind, Input in) throws IOException {
    mail.take(kind, in);
  }

  boolean hasFailed() {
    return failed;
  }

  @Override
  public void run() {
    WorkerProcess.Loop<Object, Object> own = loop;
    try {
      if (own != null) runLoop(own);
      else handleAll(Objects.requireNonNull(handler));
    } catch (InterruptedException e) {
      // It was told to stop, outside of any handler.
      failed = true;
    }
    mail.finish("the handler of this worker has ended");
    // The parent has all that was sent when it has read that, and then tells the worker to end.
  }

  private void runLoop(WorkerProcess.Loop<Object, Object> own) throws InterruptedException {
    try {
      begin();
      own.run(this);
      over();
      endRequest();
    } catch (Throwable t) {
      over();
      failed = true;
      fail(t);
    }
  }

  private void handleAll(WorkerProcess.Handler<Object, Object> own) throws InterruptedException {
    while (true) {
      Throwable failure = null;
      try {
        Mail.Letter letter = mail.take(Mail.FOREVER);
        if (letter == null) return;
        unanswered.set(letter.request());
        Object message = read(letter);
        begin();
        own.handle(message, this);
      } catch (Throwable t) {
        failure = t;
      }
      over();
      if (failure != null) fail(failure);
      else endRequest();
    }
  }

  private void begin() {
    synchronized (guard) {
      running = Thread.currentThread();
    }
  }

  /** From here on no interrupt comes, and one that came is forgotten. */
  private void over() {
    synchronized (guard) {
      running = null;
    }
    boolean unused = Thread.interrupted();
  }

  /** From the thread that reads the control connection. */
  void interrupt() {
    synchronized (guard) {
      if (running != null) running.interrupt();
    }
  }

  private void fail(Throwable failure) throws InterruptedException {
    boolean unused = mail.send(mail.packFailure(failure, -unanswered.getAndSet(0)), Mail.FOREVER);
  }

  private void endRequest() throws InterruptedException {
    long request = unanswered.getAndSet(0);
    if (request == 0) return;
    var silent = new IllegalStateException("the worker sent no answer to the request");
    boolean unused = mail.send(mail.packFailure(silent, -request), Mail.FOREVER);
  }

  private Object read(Mail.Letter letter) {
    try {
      return mail.open(letter);
    } catch (IOException | ClassNotFoundException e) {
      throw new IllegalStateException("the message can't be read here: " + e.getMessage(), e);
    }
  }

  // ---- for the handler

  @Override
  public void send(Object message) throws InterruptedException {
    boolean unused = send(message, Mail.FOREVER);
  }

  @Override
  public boolean trySend(Object message) {
    try {
      return send(message, Mail.AT_ONCE);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e); // it doesn't wait
    }
  }

  private boolean send(Object message, long nanos) throws InterruptedException {
    long request = unanswered.getAndSet(0);
    boolean sent = false;
    try {
      sent = mail.send(mail.pack(message, -request), nanos);
    } finally {
      if (!sent && request != 0) {
        boolean unused = unanswered.compareAndSet(0, request);
      }
    }
    return sent;
  }

  @Override
  public Optional<Object> next() throws InterruptedException {
    return next(Mail.FOREVER);
  }

  @Override
  public Object receive(Duration atMost) throws InterruptedException {
    return next(Mail.nanos(atMost))
        .orElseThrow(() -> new MessagesEndedException("no message comes any more"));
  }

  private Optional<Object> next(long nanos) throws InterruptedException {
    endRequest();
    Mail.Letter letter = mail.take(nanos);
    if (letter == null) return Optional.empty();
    unanswered.set(letter.request());
    return Optional.of(read(letter));
  }
}
