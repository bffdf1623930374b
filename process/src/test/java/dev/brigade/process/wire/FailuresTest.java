package dev.brigade.process.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.task.RemoteFailureException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** No failure is ever lost, whatever its class does. */
class FailuresTest {
  private final Wire wire = new Wire();

  @SuppressWarnings("serial")
  static class Detailed extends Exception {
    private static final long serialVersionUID = 1L;
    final int code;
    final Object detail;

    Detailed(String message, int code, Object detail) {
      super(message);
      this.code = code;
      this.detail = detail;
    }
  }

  static final class Mute extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException("mute");
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
      throw new IOException("nor written");
    }
  }

  static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unreadable(String message) {
      super(message);
    }

    private void readObject(ObjectInputStream in) {
      throw new AssertionError("not to be read");
    }
  }

  static final class Replaced extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Object writeReplace() {
      return "no exception at all";
    }
  }

  static final class Deep extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Object writeReplace() {
      return hashCode() == 0 ? this : new Deep().writeReplace();
    }
  }

  static final class Lazy extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public synchronized Throwable getCause() {
      throw new StackOverflowError();
    }

    @Override
    public StackTraceElement[] getStackTrace() {
      throw new IllegalStateException();
    }

    private Object writeReplace() {
      throw new Error("no");
    }
  }

  @Test
  void anEquivalentCopyWhereItCanTravel() {
    var e = new Detailed("message", 7, List.of("detail"));
    e.initCause(new IllegalStateException("cause", new IOException("root")));
    e.addSuppressed(new Error("suppressed"));
    var copy = assertInstanceOf(Detailed.class, wire.copyOfFailure(e));
    assertEquals("message", copy.getMessage());
    assertEquals(7, copy.code);
    assertEquals(List.of("detail"), copy.detail);
    assertArrayEquals(e.getStackTrace(), copy.getStackTrace());
    Throwable cause = assertInstanceOf(IllegalStateException.class, copy.getCause());
    assertEquals("root", assertInstanceOf(IOException.class, cause.getCause()).getMessage());
    assertInstanceOf(Error.class, copy.getSuppressed()[0]);
  }

  @Test
  void textTraceAndCausesWhereItCannot() {
    var e = new Detailed("message", 7, new Thread(() -> {}));
    e.initCause(new IOException("cause"));
    e.addSuppressed(new IllegalStateException("suppressed"));
    var copy = assertInstanceOf(RemoteFailureException.class, wire.copyOfFailure(e));
    String message = Wire.message(copy);
    assertTrue(message.startsWith(Detailed.class.getName() + ": message"), message);
    assertTrue(message.contains("field `detail`"), message);
    assertArrayEquals(e.getStackTrace(), copy.getStackTrace());
    assertInstanceOf(IOException.class, copy.getCause(), "the cause came as itself");
    assertInstanceOf(IllegalStateException.class, copy.getSuppressed()[0]);
  }

  @Test
  void textWhereTheCopyCannotBeRead() {
    var e = new Unreadable("unreadable");
    e.initCause(new IOException("cause"));
    var copy = assertInstanceOf(RemoteFailureException.class, wire.copyOfFailure(e));
    String message = Wire.message(copy);
    assertTrue(message.contains("Unreadable: unreadable"), message);
    assertTrue(message.contains("not to be read"), message);
    Throwable cause = copy.getCause();
    assertNotNull(cause);
    assertTrue(Wire.message(cause).contains("java.io.IOException: cause"), cause.toString());
  }

  @Test
  void textWhereItsClassIsMissing() throws Exception {
    var out = new Output();
    wire.codec.writeFailure(new Detailed("message", 7, 1), out);
    out.putInt(42);
    var blind = new Codec(ClassLoader.getPlatformClassLoader(), null);
    var in = new Input(out.array(), 0, out.size());
    Throwable copy = blind.readFailure(in);
    assertTrue(Wire.message(copy).contains("Detailed: message"), copy.toString());
    assertTrue(Wire.message(copy).contains("ClassNotFoundException"), copy.toString());
    assertEquals(42, in.getInt(), "what follows can be read");
  }

  @Test
  void textWhereAFilterRefusesIt() throws Exception {
    var out = new Output();
    wire.codec.writeFailure(new javax.management.BadAttributeValueExpException("x"), out);
    Throwable copy = wire.codec.readFailure(new Input(out.array(), 0, out.size()));
    assertInstanceOf(RemoteFailureException.class, copy);
    assertTrue(Wire.message(copy).contains("known to do harm"), copy.toString());
  }

  @Test
  void hostileClasses() {
    assertTrue(
        Wire.message(wire.copyOfFailure(new Mute())).contains("toString threw"),
        "getMessage throws");
    assertTrue(Wire.message(wire.copyOfFailure(new Replaced())).contains("no exception"));
    assertTrue(Wire.message(wire.copyOfFailure(new Deep())).contains("Deep"));
    Throwable lazy = wire.copyOfFailure(new Lazy());
    assertTrue(Wire.message(lazy).contains("Lazy"));
    assertNull(lazy.getCause());
  }

  @Test
  void cyclesOfCauses() {
    var a = new RuntimeException("a");
    var b = new RuntimeException("b", a);
    a.initCause(b);
    Throwable copy = wire.copyOfFailure(a);
    assertSame(copy, String.valueOf(copy.getMessage()).equals("a") ? twice(copy) : null);
    var mute = new Mute();
    var c = new RuntimeException("c", mute);
    mute.initCause(c);
    assertInstanceOf(RemoteFailureException.class, wire.copyOfFailure(mute));
  }

  private static Throwable twice(Throwable t) {
    Throwable cause = t.getCause();
    assertNotNull(cause);
    Throwable again = cause.getCause();
    assertNotNull(again);
    return again;
  }

  @Test
  void longMessagesAndChains() {
    String text = "x".repeat(1 << 20);
    assertEquals(text, wire.copyOfFailure(new IOException(text)).getMessage());
    var big = new Detailed(text, 1, new Thread(() -> {}));
    int length = Wire.message(wire.copyOfFailure(big)).length();
    assertTrue(length > 10_000 && length < 40_000, () -> length + " characters");
    Throwable chain = new Mute();
    for (int i = 0; i < 10_000; i++) chain = new RuntimeException("" + i, chain);
    Throwable copy = wire.copyOfFailure(chain);
    assertTrue(Wire.message(copy).contains("9999"), copy.toString());
    var many = new Detailed("many", 1, new Thread(() -> {}));
    for (int i = 0; i < 10_000; i++) many.addSuppressed(new RuntimeException("" + i));
    assertEquals(64, wire.copyOfFailure(many).getSuppressed().length);
  }

  @Test
  void tracesThatAreSetByHand() {
    var e = new Mute();
    e.setStackTrace(
        new StackTraceElement[] {
          new StackTraceElement("loader", "module", "1", "Type", "method", null, -2)
        });
    assertArrayEquals(e.getStackTrace(), wire.copyOfFailure(e).getStackTrace());
    e.setStackTrace(new StackTraceElement[0]);
    assertEquals(0, wire.copyOfFailure(e).getStackTrace().length);
  }

  @Test
  void listsOfFailuresAreValuesLikeOthers() {
    var list = new ArrayList<Throwable>(List.of(new IOException("a")));
    assertEquals("a", wire.copy(list).get(0).getMessage());
  }
}
