package dev.brigade.policy;

import org.jspecify.annotations.Nullable;

/**
 * What something that belongs to one key is called, such as the lock of an account. The key's own
 * text is anybody's code, so it is asked for once, by {@link #make}, on a thread that brings the
 * key; not by whoever looks at who waits for what.
 */
final class Label {
  private static final int LONGEST_KEY = 60;

  private final Object owner;
  private final String what;
  private final Object key;
  private volatile @Nullable String text;

  /**
   * @param owner what has the keys
   * @param what the thing of the key
   */
  Label(Object owner, String what, Object key) {
    this.owner = owner;
    this.what = what;
    this.key = key;
  }

  /** A kind and configuration, followed by the name, if it has one. */
  static String of(String what, String name) {
    return name.isEmpty() ? what : what + " \"" + name + '"';
  }

  Object owner() {
    return owner;
  }

  /** Asks for the key's text, if that is not known. */
  String make() {
    String t = text;
    if (t == null) text = t = what + " of " + inWords(key);
    return t;
  }

  /** Cut to a length that fits in a message, and in one line. */
  static String inWords(Object key) {
    String full;
    try {
      full = String.valueOf(key.toString());
    } catch (RuntimeException e) {
      full = key.getClass().getName();
    }
    var words = new StringBuilder();
    int[] shown = full.codePoints().limit(LONGEST_KEY + 1L).toArray();
    for (int i = 0; i < Math.min(shown.length, LONGEST_KEY); i++)
      words.appendCodePoint(isVisible(shown[i]) ? shown[i] : '?');
    return shown.length > LONGEST_KEY ? words.append('…').toString() : words.toString();
  }

  private static boolean isVisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      default -> true;
    };
  }

  @Override
  public String toString() {
    String t = text;
    return t != null ? t : what + " of a key";
  }
}
