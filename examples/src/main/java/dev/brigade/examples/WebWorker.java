package dev.brigade.examples;

import dev.brigade.process.MessagePort;
import dev.brigade.process.SharedArray;
import dev.brigade.process.WorkerProcess;

/** A worker that gets messages and answers them. (JavaScript: {@code new Worker}, transfer.) */
final class WebWorker {
  private static final int NUMBERS = 1_000_000;

  private WebWorker() {}

  static void main() throws Exception {
    Examples.runHere("web-worker");
  }

  /** What the worker does with each message. */
  private static void onMessage(Object message, MessagePort<Object, Object> port) throws Exception {
    switch (message) {
      case String text -> port.send(text.length());
      case SharedArray numbers -> {
        double sum = 0;
        for (long i = 0; i < numbers.length(); i++) sum += numbers.doubles().get((int) i);
        numbers.close();
        port.send(sum);
      }
      default -> port.send("what is a " + message.getClass().getSimpleName() + "?");
    }
  }

  static void show(Report report) throws Exception {
    try (WorkerProcess<Object, Object> worker = WorkerProcess.open(WebWorker::onMessage)) {
      worker.send("to be or not to be");
      report.equal("message and answer", 18, worker.receive());
      report.check(
          "in a process of its own",
          "yes",
          worker.pid(),
          worker.pid() != ProcessHandle.current().pid());

      double[] ones = new double[NUMBERS];
      java.util.Arrays.fill(ones, 1);
      SharedArray big = SharedArray.of(ones);
      worker.send(big.transfer());
      report.equal("sum of a big buffer, there", (double) NUMBERS, worker.receive());
      boolean gone;
      try {
        gone = big.segment().byteSize() < 0;
      } catch (IllegalStateException e) {
        gone = true;
      }
      report.equal("the buffer can still be used here", false, !gone);
    }
  }
}
