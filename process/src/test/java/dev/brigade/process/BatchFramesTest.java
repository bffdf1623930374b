package dev.brigade.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.brigade.engine.Batch;
import dev.brigade.process.wire.Codec;
import dev.brigade.process.wire.FrameKind;
import dev.brigade.process.wire.Functions;
import dev.brigade.process.wire.Input;
import dev.brigade.process.wire.Output;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchFramesTest {
  private final List<Object> failed = new ArrayList<>();

  /** Five items; notes which are reported to have failed. */
  private Batch batch() {
    return (Batch)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Batch.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("size")) return 5;
              if (method.getName().equals("fail") && arguments.length == 2)
                failed.add(arguments[0]);
              return null;
            });
  }

  /**
   * A worker that says how many items ended, and then nonsense, is given up: nothing else ends
   * them.
   */
  @Test
  void itemsThatWereHeardOfEndAlsoIfTheyAreGarbage() throws Exception {
    var task =
        new BatchTask(
            TaskRules.plain(),
            FrameKind.BATCH,
            new Parcel(new Functions.Reference(0, new byte[0]), new byte[0], null),
            batch(),
            0,
            false,
            t -> {});
    var frame = new Output();
    frame.putLong(1);
    frame.putInt(3);
    // An item that is said to be longer than the frame.
    frame.putInt(1_000_000 << 1);
    var in = new Input(frame.toByteArray());
    long unused = task.heard(in);
    var reader =
        new AnswerReader(
            new Codec(getClass().getClassLoader(), null), Exchange.with(1, Exchange.Side.OWNER));

    assertThrows(IOException.class, () -> task.items(reader, in));
    assertEquals(3, task.heard);
    assertEquals(List.of(0, 1, 2), failed);
  }
}
