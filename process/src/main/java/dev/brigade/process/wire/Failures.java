package dev.brigade.process.wire;

import dev.brigade.task.RemoteFailureException;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.StreamCorruptedException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/*
 * An exception travels twice: as a copy, with its fields, where it can be written; and as text, with
 * class, message, trace, cause and suppressed ones, because whether the copy can be read shows only
 * at the other end (no such class there, a filter, a readObject that throws). Where it can't be
 * written, its cause and suppressed ones still may, and are tried each for itself. The text is
 * stepped over when the copy was read.
 *
 * Nothing that an exception's own code does (getMessage, writeReplace, readObject) may escape: a
 * failure that is lost leaves somebody waiting for ever.
 */
/** Exceptions as bytes. */
final class Failures {
  private static final int MAX_TEXT = 16_000;
  private static final int MAX_FRAMES = 1_024;
  private static final int MAX_DEPTH = 32;
  private static final int MAX_SUPPRESSED = 64;
  private static final int MAX_NODES = 256;

  /** A bigger copy stays behind: it would be a failure that breaks the connection. */
  private static final int MAX_COPY = 16 << 20;

  private static final int NO_COPY = -1;

  private final Codec codec;

  Failures(Codec codec) {
    this.codec = codec;
  }

  void write(Throwable failure, Output out) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    node(failure, out, true, 0, seen);
  }

  private void node(Throwable t, Output out, boolean withCopy, int depth, Set<Throwable> seen) {
    seen.add(t);
    int start = out.reserve(4);
    String why = withCopy ? copy(t, out) : "";
    out.setInt(start, why == null ? out.size() - start - 4 : NO_COPY);
    int text = out.reserve(4);
    out.putText(t.getClass().getName());
    out.putText(describe(t));
    out.putText(why == null ? "" : why);
    trace(t, out);
    boolean deeper = depth < MAX_DEPTH;
    Throwable cause = deeper ? causeOf(t) : null;
    boolean more = cause != null && seen.size() < MAX_NODES && !seen.contains(cause);
    out.putByte(more ? 1 : 0);
    // Its parts are in its copy; if that can't be read, their text has to do.
    boolean copies = withCopy && why != null;
    if (more && cause != null) node(cause, out, copies, depth + 1, seen);
    Throwable[] suppressed = deeper ? suppressedOf(t) : new Throwable[0];
    int shown = Math.min(suppressed.length, MAX_SUPPRESSED);
    for (int i = 0; i < shown; i++) {
      if (seen.size() >= MAX_NODES || seen.contains(suppressed[i])) continue;
      out.putByte(1);
      node(suppressed[i], out, copies, depth + 1, seen);
    }
    out.putByte(0);
    out.setInt(text, out.size() - text - 4);
  }

  /** Adds a copy, or nothing and says why. */
  @SuppressWarnings("CatchingUnchecked")
  private @Nullable String copy(Throwable t, Output out) {
    int start = out.size();
    String why;
    try {
      codec.write(t, out);
      if (out.size() - start <= MAX_COPY) return null;
      why = "its copy takes " + (out.size() - start) + " bytes";
    } catch (NotSerializableException e) {
      why = cut(textOf(e, e.getMessage()));
    } catch (Throwable e) {
      why = "its code threw " + e.getClass().getName();
    }
    out.truncate(start);
    return why;
  }

  private static String cut(String s) {
    return s.length() <= MAX_TEXT ? s : s.substring(0, MAX_TEXT) + "…";
  }

  private static String textOf(Throwable t, @Nullable String message) {
    return message == null ? t.getClass().getName() : message;
  }

  /** Its text, whatever its code does. */
  @SuppressWarnings("CatchingUnchecked")
  static String describe(Throwable t) {
    try {
      String s = t.toString();
      return cut(s == null ? t.getClass().getName() : s);
    } catch (Throwable e) {
      return t.getClass().getName() + " (its toString threw " + e.getClass().getName() + ")";
    }
  }

  @SuppressWarnings("CatchingUnchecked")
  private static @Nullable Throwable causeOf(Throwable t) {
    try {
      return t.getCause();
    } catch (Throwable e) {
      return null;
    }
  }

  private static Throwable[] suppressedOf(Throwable t) {
    return t.getSuppressed();
  }

  @SuppressWarnings("CatchingUnchecked")
  private static void trace(Throwable t, Output out) {
    StackTraceElement[] frames;
    try {
      frames = t.getStackTrace();
    } catch (Throwable e) {
      frames = new StackTraceElement[0];
    }
    int n = frames == null ? 0 : Math.min(frames.length, MAX_FRAMES);
    out.putVarLong(n);
    for (int i = 0; i < n; i++) {
      StackTraceElement f = frames[i];
      putName(f.getClassLoaderName(), out);
      putName(f.getModuleName(), out);
      putName(f.getModuleVersion(), out);
      out.putText(f.getClassName());
      out.putText(f.getMethodName());
      putName(f.getFileName(), out);
      out.putVarLong(f.getLineNumber());
    }
  }

  private static void putName(@Nullable String name, Output out) {
    out.putByte(name == null ? 0 : 1);
    if (name != null) out.putText(name);
  }

  // ---- reading

  /**
   * The failure, whatever became of its copy.
   *
   * @throws IOException if the bytes are no failure at all
   */
  Throwable read(Input in) throws IOException {
    return read(in, 0);
  }

  private Throwable read(Input in, int depth) throws IOException {
    if (depth > MAX_DEPTH) throw new StreamCorruptedException("causes of causes without end");
    int size = in.getInt();
    String why = "";
    Throwable copy = null;
    if (size != NO_COPY) {
      int from = in.skip(size);
      try {
        Object o = codec.read(new Input(in.array(), from, from + size));
        if (o instanceof Throwable t) copy = t;
        else why = "its copy is no exception";
      } catch (IOException | ClassNotFoundException e) {
        why = describe(e);
      }
    }
    int count = in.getInt();
    int from = in.skip(count);
    return copy != null ? copy : remake(new Input(in.array(), from, from + count), why, depth);
  }

  private RemoteFailureException remake(Input in, String whyNotRead, int depth) throws IOException {
    String type = in.getText();
    String text = in.getText();
    String whyNotWritten = in.getText();
    String why = whyNotRead.isEmpty() ? whyNotWritten : whyNotRead;
    String message = text.startsWith(type) ? text : type + ": " + text;
    var made =
        new RemoteFailureException(
            why.isEmpty() ? message : message + " (only its text came: " + why + ")");
    made.setStackTrace(trace(in));
    if (in.getByte() != 0) made.initCause(read(in, depth + 1));
    while (in.getByte() != 0) made.addSuppressed(read(in, depth + 1));
    return made;
  }

  private static StackTraceElement[] trace(Input in) throws IOException {
    int n = in.getCount();
    var frames = new StackTraceElement[Math.min(n, MAX_FRAMES)];
    for (int i = 0; i < n; i++) {
      String loader = getName(in);
      String module = getName(in);
      String version = getName(in);
      String type = in.getText();
      String method = in.getText();
      String file = getName(in);
      int line = (int) in.getVarLong();
      if (i < frames.length)
        frames[i] = new StackTraceElement(loader, module, version, type, method, file, line);
    }
    return frames;
  }

  private static @Nullable String getName(Input in) throws IOException {
    return in.getByte() == 0 ? null : in.getText();
  }
}
