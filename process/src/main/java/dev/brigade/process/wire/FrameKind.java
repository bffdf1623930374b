package dev.brigade.process.wire;

/** What a frame is: the byte after its length. Each says who sends it and what it holds. */
public final class FrameKind {
  private FrameKind() {}

  // ---- lanes, to the worker

  /** A function under a number: varlong id, function by codec. */
  public static final int DEFINE = 1;

  /** Forget all numbered functions. */
  public static final int FORGET = 2;

  /** A work without argument: function. */
  public static final int WORK = 3;

  /** A command without result: function. */
  public static final int COMMAND = 4;

  /** A function and an argument: function, value. */
  public static final int CALL = 5;

  /**
   * Items of a map: function, byte 1 if the first failure ends it, varlong count, for each int
   * length and value.
   */
  public static final int BATCH = 6;

  /** Read the functions that were defined: they may be needed soon. */
  public static final int RESOLVE = 7;

  // ---- lanes, to the parent

  /** The task returned: varlong run nanos, value. */
  public static final int RETURNED = 10;

  /** The task threw: varlong run nanos, failure. */
  public static final int THREW = 11;

  /** The task had been taken back. */
  public static final int SKIPPED = 12;

  /**
   * Ends of items: varlong first index, count, then for each a byte 0 or 1 and value or failure.
   */
  public static final int ITEMS = 13;

  /** The batch is over: long run nanos, then as for items. */
  public static final int BATCH_END = 14;

  /** The answers before this tell of shared memory that is held for the parent: varlong number. */
  public static final int LENT = 15;

  // ---- control, to the worker

  /** What to run at the beginning and the end: byte 1 + 2 for what follows, work, function. */
  public static final int INITIALISE = 20;

  /** Give a sign of life: long number. */
  public static final int PING = 21;

  /** Interrupt the task: varlong lane, varlong sequence number. */
  public static final int CANCEL = 22;

  /** Tell the threads: varlong number. */
  public static final int DUMP = 23;

  /** No task comes any more: tear down and end. */
  public static final int RETIRE = 24;

  /** Shared memory that the parent has opened: varlong lane, varlong number. */
  public static final int RELEASE = 25;

  /**
   * A message to the worker's handler, or from it: varlong number of the request (an answer has it
   * negated, 0 for none), byte 1 if it tells of shared memory, value.
   */
  public static final int MESSAGE = 26;

  // ---- control, to the parent

  /** All ends are open. */
  public static final int HELLO = 29;

  /** Ready for tasks. */
  public static final int READY = 30;

  /** The initialiser failed: failure. */
  public static final int UNREADY = 31;

  /** A sign of life: long number. */
  public static final int PONG = 32;

  /** Text of threads: varlong number, text. */
  public static final int DUMPED = 33;

  /** How far a task is: varlong lane, varlong sequence number, long bits of the fraction, text. */
  public static final int PROGRESS = 34;

  /** Its program ends the JVM. */
  public static final int EXITING = 35;

  // ---- messages, both ways but for the first

  /** To the worker, before its initialiser: varlong messages, varlong bytes, handler or loop. */
  public static final int SERVE = 40;

  /** A failure in the place of a message: as MESSAGE, with a failure. */
  public static final int FAILED = 41;

  /** So much was consumed: varlong messages, varlong bytes. */
  public static final int CREDIT = 42;

  /** The sender waits for room. */
  public static final int WANT = 43;

  /** The receiver has opened the shared memory of a message: varlong its number. */
  public static final int OPENED = 44;

  /** No message comes any more. */
  public static final int NO_MORE = 45;
}
