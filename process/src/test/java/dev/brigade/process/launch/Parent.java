package dev.brigade.process.launch;

import java.io.DataOutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** A program with workers, for a test to kill: one worker for each argument but the first. */
public final class Parent {
  private Parent() {}

  /** Runs in a process of its own. */
  @SuppressWarnings("InfiniteLoopStatement")
  public static void main(String[] arguments) throws Exception {
    boolean armed = arguments[0].equals("armed");
    for (int at = 1; at < arguments.length; at++) {
      Path folder = SpawnFolder.create().path();
      System.err.println("folder " + folder);
      Process _ = start(folder, arguments[at], armed, Sink.standardError());
    }
    while (true) LockSupport.park();
  }

  /** Starts one and greets it. */
  static Process start(Path folder, String what, boolean armed, Sink errors) throws Exception {
    var spec = new LaunchSpec(List.of("-Xmx64m"), Map.of(), null, Victim.class.getName());
    Process worker = Launcher.start(spec, folder, ProcessBuilder.Redirect.DISCARD);
    var _ = ErrorOutput.ofError(worker, errors);
    var greeting = new DataOutputStream(worker.getOutputStream());
    greeting.writeLong(ProcessHandle.current().pid());
    greeting.writeUTF(folder.toString());
    greeting.writeUTF(what);
    greeting.writeBoolean(armed);
    greeting.flush();
    return worker;
  }
}
