package dev.brigade.process;

import dev.brigade.task.VoidFn;
import java.time.Duration;
import java.util.Optional;

/**
 * One end of a connection between a program and its {@link WorkerProcess}, the same on both sides.
 * (Python: {@code multiprocessing.Connection}; Node: {@code MessagePort}.)
 *
 * {@snippet :
 * while (true) {
 *   Optional<Integer> number = port.next();
 *   if (number.isEmpty()) break; // the other side has finished
 *   port.send("no " + number.get());
 * }
 * }
 *
 * <p>Messages are copies: what the receiver gets has nothing to do with what the sender has, but
 * for a {@link SharedArray}, whose memory both have, or which moves over with {@link
 * SharedArray#transfer}. They arrive in the order in which they were sent, each once, as long as
 * both processes live; what was under way when one dies is lost. A message may not be null.
 *
 * <p>Both ways are bounded, in messages and in bytes: who sends faster than the other side receives
 * waits. Two sides that both only send wait for each other for ever: let one of them receive on a
 * thread of its own.
 *
 * <p>All methods may be called from any thread, platform or virtual, several at once; senders that
 * wait go on in their order. An interrupt cancels what waits: nothing was sent, nothing is lost.
 *
 * <p>Memory effects: what a thread did before {@code send} is in the copy; nothing else is seen by
 * the other process. Cost: some 30 µs for a small message and its answer between platform threads,
 * more on virtual ones, and a tenth of that for each where many are under way; the bytes of a
 * message are held until it is received.
 *
 * @param <S> what goes out here; it travels as arguments of a {@link ProcessPool} do
 * @param <R> what comes in here
 */
public interface MessagePort<S, R> {
  /**
   * Sends a message; waits while the way is full.
   *
   * @throws IllegalArgumentException if it can't travel, naming the class and the way to it; then
   *     nothing was sent
   * @throws IllegalStateException if nothing more may be sent from here
   * @throws MessagesEndedException if the other side takes nothing more
   * @throws WorkerDiedException if the worker is dead
   */
  void send(S message) throws InterruptedException;

  /**
   * Sends a message unless the way is full; never waits.
   *
   * @return whether it was sent
   * @throws IllegalArgumentException as for {@link #send}; so are the others
   */
  boolean trySend(S message);

  /**
   * Waits for the next message.
   *
   * @return empty when the other side has finished and all has been received
   * @throws dev.brigade.task.TaskFailedException in the place of a message whose handler failed;
   *     the cause is an equivalent copy of what it threw. One can go on receiving
   * @throws IllegalStateException in the place of a message that can't be read here
   * @throws WorkerDiedException if the worker is dead; what had arrived before comes first
   */
  Optional<R> next() throws InterruptedException;

  /**
   * Waits for the next message, of which there must be one.
   *
   * @throws MessagesEndedException if there is none: the other side has finished
   * @throws WorkerDiedException if the worker is dead; otherwise as {@link #next}
   */
  default R receive() throws InterruptedException {
    return next().orElseThrow(() -> new MessagesEndedException("no message comes any more"));
  }

  /**
   * The same, for so long at most; zero or less takes what is there.
   *
   * @throws dev.brigade.task.DeadlineException if none has come by then
   */
  R receive(Duration atMost) throws InterruptedException;

  /**
   * Does something with each message until the other side has finished; messages that failed end it
   * as {@link #next} says.
   *
   * @param <X> what the action may throw, which ends it too
   */
  default <X extends Exception> void forEach(VoidFn<? super R, X> action)
      throws X, InterruptedException {
    for (Optional<R> m = next(); m.isPresent(); m = next()) action.accept(m.get());
  }
}
