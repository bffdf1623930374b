package dev.brigade.process.wire;

import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import org.jspecify.annotations.Nullable;

/*
 * What is read passes three filters, each of which can refuse: ours, the user's, and the JVM's
 * (jdk.serialFilter). The compact format asks them as the JDK's stream would, for each class, array
 * and count of references, so that a filter that holds for one holds for the other.
 * A lambda counts as the class that it is written in.
 */
/** Who may come in. */
final class Gate {
  private final @Nullable ObjectInputFilter user;
  private final boolean fresh;
  private boolean asked;
  private @Nullable ObjectInputFilter jvm;

  Gate(@Nullable ObjectInputFilter user, boolean freshJvm) {
    this.user = user;
    this.fresh =
        freshJvm
            && System.getProperty("jdk.serialFilter") == null
            && System.getProperty("jdk.serialFilterFactory") == null;
  }

  /** A message in the compact format comes, of one plain value or of more. */
  void beginCompact(boolean plain) {
    if (asked || !plain && !fresh) beginJava();
  }

  /** A message in the JDK's format comes. */
  void beginJava() {
    asked = true;
    jvm = ObjectInputFilter.Config.getSerialFilter();
  }

  /** Whether only our own filter is there, which knows that the JDK's values do no harm. */
  boolean open() {
    return user == null && jvm == null;
  }

  /**
   * Whether it is a class of this library that holds what the user sends: a list of the classes
   * that may travel need not know of it.
   */
  static boolean isOurs(@Nullable Class<?> type) {
    if (type == null || type.getClassLoader() != Gate.class.getClassLoader()) return false;
    if (type == LambdaParcel.class || type == OptionalParcel.class) return true;
    String name = type.getName();
    return name.startsWith("dev.brigade.task.")
        || name.startsWith("dev.brigade.process.SharedArray");
  }

  /** What the user's and the JVM's filter say. */
  boolean refusedByOthers(ObjectInputFilter.FilterInfo info) {
    if (isOurs(info.serialClass())) return false;
    return refuses(user, info) || refuses(jvm, info);
  }

  private static boolean refuses(
      @Nullable ObjectInputFilter filter, ObjectInputFilter.FilterInfo info) {
    if (filter == null) return false;
    ObjectInputFilter.Status status = filter.checkInput(info);
    return status == null || status == ObjectInputFilter.Status.REJECTED;
  }

  /** Lets a class pass that is not of the JDK. */
  void check(@Nullable Class<?> type, long length, int depth, long references, long bytes)
      throws InvalidClassException {
    if (type != null && Gadgets.refused(type)) throw refused(type, "it is known to do harm");
    if (!open() && refusedByOthers(new Info(type, length, depth, references, bytes)))
      throw refused(type, "a filter refuses it");
  }

  static InvalidClassException refused(@Nullable Class<?> type, String why) {
    return type == null
        ? new InvalidClassException("not read: " + why)
        : new InvalidClassException(type.getName(), "not read: " + why);
  }

  private record Info(
      @Nullable Class<?> serialClass,
      long arrayLength,
      long depth,
      long references,
      long streamBytes)
      implements ObjectInputFilter.FilterInfo {
    Info(@Nullable Class<?> type, long length, int depth, long references, long bytes) {
      this(type, length, (long) depth, references, bytes);
    }
  }
}
