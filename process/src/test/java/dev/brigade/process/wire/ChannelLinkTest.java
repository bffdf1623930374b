package dev.brigade.process.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import org.junit.jupiter.api.Test;

class ChannelLinkTest {
  /** As when a worker answers and dies while the next task is still being written. */
  @Test
  void whatTheOtherSideSaidBeforeItWentIsReadAlsoIfMoreWasToBeWritten() throws Exception {
    Pipe down = Pipe.open();
    Pipe up = Pipe.open();
    try (var link = new ChannelLink(up.source(), down.sink(), 1 << 30)) {
      link.send(frame(new byte[1 << 20]));
      assertTrue(link.unwritten());

      Output answer = frame(new byte[] {1, 2, 3});
      up.sink().write(ByteBuffer.wrap(answer.array(), 0, answer.size()));
      down.source().close();

      assertTrue(link.read());
      assertEquals(3, assertNotNullInput(link.next()).remaining());
      assertThrows(IOException.class, link::read);
    } finally {
      up.sink().close();
    }
  }

  private static Input assertNotNullInput(@org.jspecify.annotations.Nullable Input in) {
    assertNotNull(in);
    return in;
  }

  private static Output frame(byte[] body) {
    var out = new Output();
    int frame = Link.begin(out, FrameKind.RETURNED);
    out.putBytes(body);
    Link.end(out, frame);
    return out;
  }
}
