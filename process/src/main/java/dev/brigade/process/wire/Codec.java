package dev.brigade.process.wire;

import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputFilter;
import java.io.StreamCorruptedException;
import java.lang.invoke.SerializedLambda;
import org.jspecify.annotations.Nullable;

/*
 * Design. A value begins with a tag. Common values have a compact form (GraphWriter, which says what
 * is kept of their identity); whatever holds anything else goes through the JDK's serialisation as a
 * whole (JavaFormat). Lambdas are compact in both: their shape, which the reader understands once,
 * and what they captured.
 *
 * Every message stands alone: what one side remembers of former messages (Known, Classes, ClassPlan)
 * only makes it faster. So a task can be written before it is known which worker will read it, and
 * one that is never read leaves no gap.
 *
 * Reading ends in a value, an IOException or a ClassNotFoundException, whatever the bytes are and
 * whatever the code does that they make run.
 *
 * Rejected: class descriptors of our own in the JDK's format (faster, but blind to classes that
 * differ), tables that both sides keep in step (a message that is dropped would break them).
 */
/** Objects as bytes. Not for several threads at once. */
public final class Codec {
  private final Gate gate;
  private final ClassLoader loader;
  private final @Nullable ObjectInputFilter filter;
  private final boolean freshJvm;
  private final JavaFormat java;
  private final GraphWriter writer = new GraphWriter();
  private final GraphReader reader;
  private final Failures failures = new Failures(this);

  /**
   * @param loader finds the classes of what is read
   * @param filter what may be read, beside the filter that every program should have, which always
   *     applies; or null for that alone
   */
  public Codec(ClassLoader loader, @Nullable ObjectInputFilter filter) {
    this(loader, filter, false);
  }

  private Codec(ClassLoader loader, @Nullable ObjectInputFilter filter, boolean freshJvm) {
    this.loader = loader;
    this.filter = filter;
    this.freshJvm = freshJvm;
    var classes = new Classes(loader);
    this.gate = new Gate(filter, freshJvm);
    this.java = new JavaFormat(classes, gate);
    this.reader = new GraphReader(classes, gate, java.lambdas());
  }

  /**
   * The same for a JVM that does nothing else: it takes the JVM's own filter from the system
   * properties, and does not pay the 20 ms that it costs to ask for it until the JDK's
   * serialisation, which asks for it as well, is first used.
   */
  public static Codec ofWorker(ClassLoader loader, @Nullable ObjectInputFilter filter) {
    return new Codec(loader, filter, true);
  }

  /** One like this for another thread. */
  public Codec another() {
    return new Codec(loader, filter, freshJvm);
  }

  /**
   * Adds an object with all that hangs on it.
   *
   * @throws NotSerializableException naming the class that can't travel and the way to it; then
   *     nothing was added
   */
  @SuppressWarnings("CatchingUnchecked") // code of the classes written may throw anything
  public void write(@Nullable Object value, Output out) throws NotSerializableException {
    if (value instanceof Integer i) {
      // The commonest item of a batch: nothing to clean up after it.
      out.putTagged(Tag.INT, i);
      return;
    }
    int start = out.size();
    try {
      if (writer.write(value, out)) return;
    } catch (RuntimeException | StackOverflowError e) {
      // Changed meanwhile, or a hash code that throws: the JDK's stream may cope, or says more.
      out.truncate(start);
    }
    out.truncate(start);
    try {
      writeJava(value, out);
    } catch (Throwable e) {
      out.truncate(start);
      throw refusal(value, e);
    }
  }

  private void writeJava(@Nullable Object value, Output out) throws IOException {
    ClassPlan plan = value == null ? null : ClassPlan.OF.get(value.getClass());
    if (value != null && plan != null && plan.kind == Kind.LAMBDA) {
      SerializedLambda s = GraphWriter.putShape(value, plan, Tag.LAMBDA_JAVA, out);
      if (s != null) {
        var captured = new Object[s.getCapturedArgCount()];
        for (int i = 0; i < captured.length; i++) captured[i] = s.getCapturedArg(i);
        java.write(captured, out);
        return;
      }
    }
    out.putByte(Tag.JAVA);
    java.write(value, out);
  }

  private static NotSerializableException refusal(@Nullable Object value, Throwable e) {
    String why = value == null ? null : Obstacle.find(value);
    if (why == null)
      why =
          e instanceof StackOverflowError
              ? "its parts hang together over too many levels, or its writeReplace never ends"
              : Failures.describe(e);
    var named = new NotSerializableException(why);
    named.initCause(e);
    return named;
  }

  /**
   * Reads one object.
   *
   * @throws ClassNotFoundException if one of its classes is missing here
   * @throws IOException if a filter refuses it, it can't be made of what was sent, or the bytes are
   *     garbage
   */
  @SuppressWarnings("CatchingUnchecked") // code of the classes read may throw anything
  public @Nullable Object read(Input in) throws IOException, ClassNotFoundException {
    try {
      int tag = in.getByte();
      if (tag == Tag.INT && gate.open()) return GraphReader.integer(in);
      return switch (tag) {
        case Tag.JAVA -> java.read(in);
        case Tag.LAMBDA_JAVA -> readLambda(in);
        default -> reader.read(tag, in);
      };
    } catch (IOException | ClassNotFoundException e) {
      throw e;
    } catch (Throwable e) {
      var refused = new InvalidObjectException("can't be read: " + Failures.describe(e));
      refused.initCause(e);
      throw refused;
    }
  }

  private Object readLambda(Input in) throws IOException, ClassNotFoundException {
    gate.beginJava();
    LambdaShape shape = reader.shape(in);
    if (!(java.read(in) instanceof Object[] captured))
      throw new StreamCorruptedException("a lambda without what it captured");
    return java.lambdas().make(shape, captured);
  }

  /**
   * Adds an exception: an equivalent copy where it can travel, and its text and trace for where
   * that can't be read. Never fails for what the exception's class does.
   */
  public void writeFailure(Throwable failure, Output out) {
    failures.write(failure, out);
  }

  /**
   * Reads an exception: the copy, or a {@link dev.brigade.task.RemoteFailureException} with its
   * text, trace, cause and suppressed ones; never fails for what its class does.
   *
   * @throws IOException if the bytes are garbage
   */
  public Throwable readFailure(Input in) throws IOException {
    return failures.read(in);
  }
}
