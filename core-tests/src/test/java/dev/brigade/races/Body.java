package dev.brigade.races;

/** What the body of a race does at its end. */
enum Body {
  /** Returns a value, interrupted or not. */
  RETURN,
  /** Throws an exception of its own, interrupted or not. */
  THROW,
  /** Looks at its interrupt flag as blocking calls do, then returns. */
  CHECK;

  static final class OwnException extends Exception {
    private static final long serialVersionUID = 1L;

    OwnException() {
      super("the body's own", null, true, false);
    }
  }

  int end() throws OwnException, InterruptedException {
    return switch (this) {
      case RETURN -> 1;
      case THROW -> throw new OwnException();
      case CHECK -> {
        if (Thread.interrupted()) throw new InterruptedException();
        yield 1;
      }
    };
  }
}
