package dev.brigade.process;

import dev.brigade.annotation.CheckReturnValue;
import dev.brigade.process.wire.Codec;
import dev.brigade.process.wire.FrameKind;
import dev.brigade.process.wire.Link;
import dev.brigade.process.wire.Output;
import dev.brigade.task.TaskFailedException;
import dev.brigade.task.Work;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectInputFilter;
import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One worker process that lives for long and exchanges messages with this program. (JavaScript: a
 * Web Worker; Python: {@code Process} with a {@code Pipe}.) For many independent tasks use a {@link
 * ProcessPool}, which also restarts what dies; for one task in a process of its own, {@link #run}.
 *
 * {@snippet :
 * try (WorkerProcess<String, Integer> counter =
 *     WorkerProcess.open((String text, MessagePort<Integer, String> port) -> port.send(text.length()))) {
 *   counter.send("to be");
 *   counter.send("or not");
 *   int first = counter.receive(); // 5
 *   int third = counter.ask("to be"); // 5, whatever else is under way
 * }
 * }
 *
 * <p>The worker runs a {@link Handler}, which is called for each message, one after the other, or a
 * {@link Loop}, which receives and sends as it likes. Either is a lambda that travels as a task of
 * a pool does; the program's {@code main} is not run there. It may hold state in what it captures,
 * in fields, or in what the options' initialiser made, see {@link Worker#state}.
 *
 * <p><b>Failures.</b> What a handler throws comes in the place of an answer, as a {@link
 * TaskFailedException} whose cause is an equivalent copy; the worker lives on and handles the next
 * message. What a loop throws comes last, and the worker ends with exit code 1. When the process
 * dies, what had arrived can still be received; then each call throws {@link WorkerDiedException},
 * with cause, exit code and the end of its error output. It is not started again.
 *
 * <p><b>Ends.</b> {@link #finish} says that nothing more is sent: the worker handles what it has,
 * its handler ends, its teardown runs, it exits. {@link #close} does that and waits; what has not
 * been received by then is thrown away. {@link #terminate} kills at once. An interrupt of {@code
 * close} terminates too. When this program ends, however it does, so does the worker.
 *
 * <p>Bounds: {@link Bounds} each way; {@code send} waits when they are reached, and so does the
 * worker when nobody receives here.
 *
 * <p>Cost: about 130 ms until a worker answers first and some 50 MB for its JVM; here, four small
 * threads and nine descriptors. {@code open} does not wait: what is sent before the worker is ready
 * is kept.
 *
 * @param <S> what is sent to the worker
 * @param <R> what comes from it
 */
public final class WorkerProcess<S, R> implements MessagePort<S, R>, AutoCloseable {
  /**
   * Is called in the worker for each message, in their order, on one thread.
   *
   * @param <S> what the worker gets
   * @param <R> what it sends
   */
  @FunctionalInterface
  public interface Handler<S, R> extends Serializable {
    /**
     * Handles one message. What it sends first is the answer if the message was sent by {@link
     * WorkerProcess#ask}; it may send more, or nothing, and may receive further messages itself.
     */
    void handle(S message, MessagePort<R, S> port) throws Exception;
  }

  /**
   * The main program of a worker; when it returns the worker ends.
   *
   * @param <S> what the worker gets
   * @param <R> what it sends
   */
  @FunctionalInterface
  public interface Loop<S, R> extends Serializable {
    /** Receives and sends as it likes. What it sends first after a request is its answer. */
    void run(MessagePort<R, S> port) throws Exception;
  }

  /**
   * How much may be under way in each direction: sent, but not yet received by the program there.
   *
   * @param messages at least 1; default 1,000
   * @param bytes at least 1; default 16 MiB; a larger message is sent when nothing else is under
   *     way
   */
  public record Bounds(int messages, long bytes) {
    private static final Bounds DEFAULT = new Bounds(1000, 16L << 20);

    /** Checks the values. */
    public Bounds {
      if (messages < 1)
        throw new IllegalArgumentException("messages must be at least 1, but was " + messages);
      if (bytes < 1)
        throw new IllegalArgumentException("bytes must be at least 1, but was " + bytes);
    }

    /** The default. */
    public static Bounds of() {
      return DEFAULT;
    }
  }

  private final Mail mail;
  private final LoneWorker worker;

  private WorkerProcess(WorkerOptions options, Bounds bounds, Serializable function) {
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(bounds, "bounds");
    Objects.requireNonNull(function, "handler");
    if (Worker.isWorker())
      throw new IllegalStateException(
          "a WorkerProcess can't be opened inside a worker process: workers that open workers, as a"
              + " static field may do, would start processes without end");
    String pattern = options.jvm().filter();
    ObjectInputFilter filter =
        pattern == null ? null : ObjectInputFilter.Config.createFilter(pattern);
    ClassLoader loader = ClassLoader.getSystemClassLoader();
    Supplier<Codec> codecs = () -> new Codec(loader, filter);
    byte[] first = serve(bounds, function, codecs.get());
    // The two know each other; neither is used before both are there.
    LoneWorker[] known = new LoneWorker[1];
    mail = new Mail(bounds, codecs, () -> known[0].pid());
    worker = new LoneWorker(options, first, mail, codecs);
    known[0] = worker;
  }

  private static byte[] serve(Bounds bounds, Serializable function, Codec codec) {
    var out = new Output();
    int frame = Link.begin(out, FrameKind.SERVE);
    out.putVarLong(bounds.messages());
    out.putVarLong(bounds.bytes());
    try {
      codec.write(function, out);
    } catch (NotSerializableException e) {
      throw new IllegalArgumentException("the handler can't travel: " + e.getMessage(), e);
    }
    Link.end(out, frame);
    return out.toByteArray();
  }

  /** A worker that handles messages one by one. */
  @CheckReturnValue
  public static <S, R> WorkerProcess<S, R> open(Handler<S, R> handler) {
    return open(WorkerOptions.of(), Bounds.of(), handler);
  }

  /** The same with options. */
  @CheckReturnValue
  public static <S, R> WorkerProcess<S, R> open(WorkerOptions options, Handler<S, R> handler) {
    return open(options, Bounds.of(), handler);
  }

  /** The same with bounds of its own. */
  @CheckReturnValue
  public static <S, R> WorkerProcess<S, R> open(
      WorkerOptions options, Bounds bounds, Handler<S, R> handler) {
    return started(new WorkerProcess<>(options, bounds, handler));
  }

  /** A worker with a main program of its own. */
  @CheckReturnValue
  public static <S, R> WorkerProcess<S, R> open(Loop<S, R> loop) {
    return open(WorkerOptions.of(), Bounds.of(), loop);
  }

  /** The same with options. */
  @CheckReturnValue
  public static <S, R> WorkerProcess<S, R> open(WorkerOptions options, Loop<S, R> loop) {
    return open(options, Bounds.of(), loop);
  }

  /** The same with bounds of its own. */
  @CheckReturnValue
  public static <S, R> WorkerProcess<S, R> open(
      WorkerOptions options, Bounds bounds, Loop<S, R> loop) {
    return started(new WorkerProcess<>(options, bounds, loop));
  }

  private static <S, R> WorkerProcess<S, R> started(WorkerProcess<S, R> w) {
    w.worker.start();
    return w;
  }

  /**
   * Runs a work in a process of its own, which ends with it. (Python: {@code Process(target=f)}.)
   *
   * {@snippet :
   * ProcessRun<Long> run = WorkerProcess.run(WorkerOptions.of(), () -> ProcessHandle.current().pid());
   * long itsPid = run.get();
   * int code = run.exitCode(); // 0; 1 if the work threw
   * }
   *
   * @param <T> the result, possibly null
   */
  public static <T> ProcessRun<T> run(WorkerOptions options, Work<? extends T, ?> work) {
    Objects.requireNonNull(work, "work");
    return new ProcessRun<>(open(options, new ProcessRun.Once<T>(work)));
  }

  /** The same with nothing special. */
  public static <T> ProcessRun<T> run(Work<? extends T, ?> work) {
    return run(WorkerOptions.of(), work);
  }

  // ---- messages

  @Override
  public void send(S message) throws InterruptedException {
    boolean unused = mail.send(mail.pack(message, 0), Mail.FOREVER);
  }

  @Override
  public boolean trySend(S message) {
    try {
      return mail.send(mail.pack(message, 0), Mail.AT_ONCE);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e); // it doesn't wait
    }
  }

  @Override
  public Optional<R> next() throws InterruptedException {
    Mail.Letter letter = mail.take(Mail.FOREVER);
    return letter == null ? Optional.empty() : Optional.of(read(letter));
  }

  @Override
  public R receive(Duration atMost) throws InterruptedException {
    Mail.Letter letter = mail.take(Mail.nanos(atMost));
    if (letter == null) throw new MessagesEndedException("no message comes any more");
    return read(letter);
  }

  /**
   * Sends a message and waits for its answer, which is what the worker sends first after it has
   * received that message. Other messages are not disturbed, and several threads may ask at once.
   *
   * @throws TaskFailedException if the handler failed instead of answering, or has ended without an
   *     answer
   * @throws MessagesEndedException if the worker has ended
   * @throws WorkerDiedException if the worker died; it may have handled the message
   */
  public R ask(S message) throws InterruptedException {
    return read(mail.ask(message, Mail.FOREVER));
  }

  /**
   * The same, for so long at most. The worker goes on with the message; its answer is thrown away.
   *
   * @throws dev.brigade.task.DeadlineException if there is no answer by then
   */
  public R ask(S message, Duration atMost) throws InterruptedException {
    return read(mail.ask(message, Mail.nanos(atMost)));
  }

  @SuppressWarnings("unchecked") // what the handler sends is an R
  private R read(Mail.Letter letter) {
    Object content;
    try {
      content = mail.open(letter);
    } catch (IOException | ClassNotFoundException e) {
      throw new IllegalStateException("the message can't be read here: " + e.getMessage(), e);
    }
    if (letter.failed())
      throw new TaskFailedException(
          "the handler in worker process " + worker.pid(), (Throwable) content);
    return (R) content;
  }

  /**
   * Hands over each message as it comes, on a virtual thread, one after the other, until the end.
   * Use it instead of receiving, not beside it. (JavaScript: {@code onmessage} and {@code
   * onerror}.)
   *
   * @param onMessage takes a message
   * @param onError takes the {@link TaskFailedException} of a message, what {@code onMessage}
   *     throws, and at last the {@link WorkerDiedException} if the worker died
   */
  public void listen(Consumer<? super R> onMessage, Consumer<? super Throwable> onError) {
    Objects.requireNonNull(onMessage, "onMessage");
    Objects.requireNonNull(onError, "onError");
    Thread unused =
        Thread.ofVirtual()
            .name("brigade-worker-" + worker.number() + "-listener")
            .start(() -> listening(onMessage, onError));
  }

  private void listening(Consumer<? super R> onMessage, Consumer<? super Throwable> onError) {
    while (true) {
      try {
        Optional<R> m = next();
        if (m.isEmpty()) return;
        onMessage.accept(m.get());
      } catch (Throwable t) {
        onError.accept(t);
        if (t instanceof WorkerDiedException && worker.isOver()) return;
      }
    }
  }

  // ---- its process

  /** Waits until the worker is ready, which nothing else needs. */
  public void awaitReady() throws InterruptedException {
    worker.awaitReady();
  }

  /** Its process; waits until there is one, which takes some milliseconds; -1 if none started. */
  public long pid() {
    return worker.awaitPid();
  }

  /** Whether its process has not ended. */
  public boolean isAlive() {
    return !worker.isOver();
  }

  /**
   * Completed with the exit code when its process has ended: 0 in good order, 128 + n after signal
   * n, -1 if it could not be started.
   */
  public CompletableFuture<Integer> onExit() {
    return worker.onExit();
  }

  /** Why it died, when it is dead and has not ended in good order; else null. */
  public @Nullable WorkerDiedException death() {
    return worker.death();
  }

  /**
   * Interrupts the handler if it handles a message, or the loop. It is asked, not forced: see
   * {@link #terminate}.
   */
  public void interrupt() {
    worker.interrupt();
  }

  // ---- its end

  /**
   * Nothing more is sent from here: when the worker has handled what was sent, it ends. One can
   * still receive.
   */
  public void finish() {
    mail.finish("nothing more can be sent to the worker: finish or close was called");
  }

  /**
   * Ends the worker in good order and waits for it, for as long as it takes to handle what was
   * sent. What it sends meanwhile is thrown away. An interrupt kills it, and is kept.
   */
  @Override
  public void close() {
    finish();
    mail.discard();
    worker.awaitEnd();
  }

  /** Kills the worker, and waits until its process has gone. Harmless when repeated. */
  public void terminate() {
    worker.kill(new WorkerEnd(WorkerDiedException.Cause.KILLED, "terminate was called"));
    worker.awaitGone();
  }

  @Override
  public String toString() {
    return worker.toString();
  }
}
