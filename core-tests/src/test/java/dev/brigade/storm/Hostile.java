package dev.brigade.storm;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;

/** What makes trouble on its way between processes. */
final class Hostile {
  private Hostile() {}

  /** A result that throws while it is written or read. */
  static final class Value implements Serializable {
    private static final long serialVersionUID = 1L;
    private final Mischief how;

    Value(Mischief how) {
      this.how = how;
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
      if (how == Mischief.UNWRITABLE_RESULT) throw new IllegalStateException("will not be written");
      if (how == Mischief.ERROR_WHILE_WRITING) throw new AssertionError("must not be written");
      out.defaultWriteObject();
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      if (how == Mischief.UNREADABLE_RESULT) throw new IllegalStateException("will not be read");
      if (how == Mischief.ERROR_WHILE_READING) throw new AssertionError("must not be read");
    }
  }

  /** One level of many. */
  static final class Shell implements Serializable {
    private static final long serialVersionUID = 1L;
    private final Serializable inner;

    Shell(Serializable inner) {
      this.inner = inner;
    }

    @Override
    public String toString() {
      return "shell around " + inner.getClass();
    }
  }

  /** An exception that tells nothing, and may not be read. */
  static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final boolean unreadable;

    Failure(boolean unreadable) {
      this.unreadable = unreadable;
    }

    @Override
    public String getMessage() {
      throw new IllegalStateException("no message");
    }

    @Override
    public String toString() {
      throw new AssertionError("no text");
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      if (unreadable) throw new IllegalStateException("will not be read");
    }
  }

  /** Found under another name in the worker only. */
  public static final class Stranger implements Serializable {
    private static final long serialVersionUID = 1L;

    /** For the loader. */
    public Stranger() {}
  }
}
