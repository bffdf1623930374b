package dev.brigade.observe;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something wrong with running work, seen from outside, with the evidence. Found by {@code
 * dev.brigade.task.Watchdog}; a {@link Snapshot} shows what there is without judging it.
 *
 * <p>As text it is one line that says what is wrong, where, and what to do, followed by the stack.
 *
 * @param kind what is wrong
 * @param task the name of the task or scope that it is about
 * @param site the method whose lambda it runs, or the line where it was forked if an observer was
 *     registered then; null for a scope's body
 * @param thread the name of its thread, or {@code #} and the number of a nameless one; null if it
 *     has none in this JVM
 * @param age for how long it has been so at least, on the clock of who found it
 * @param others how many more of the same scope, forked at the same place, were found in the same
 *     state at the same time; the evidence is that of one
 * @param frames its stack, innermost first, up to its own outermost method; unmodifiable
 * @param where the frame of it that is the user's own, or null if none is
 * @param message what is wrong and what to do, for people
 */
public record Finding(
    Kind kind,
    String task,
    @Nullable String site,
    @Nullable String thread,
    Duration age,
    int others,
    List<StackTraceElement> frames,
    @Nullable StackTraceElement where,
    String message) {

  private static final int SHOWN = 16;

  /** What can be wrong. */
  public enum Kind {
    /** It keeps a carrier thread by computing, so other virtual threads get none. */
    HOG,
    /** It waits, and keeps its carrier thread meanwhile. */
    PINNED,
    /** It was cancelled and does not end. */
    SLOW_TO_END,
    /** It waits without a bound, for something that has not come for very long. */
    FORGOTTEN,
    /** It waits for others that wait for it, by whatever way round. */
    DEADLOCK,
    /** It is open, and nobody will close it. */
    UNCLOSED
  }

  /** Checks what must be there, and takes its own copy of the frames. */
  public Finding {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(age, "age");
    Objects.requireNonNull(message, "message");
    frames = List.copyOf(frames);
  }

  @Override
  public String toString() {
    var text = new StringBuilder(kind.name().toLowerCase(Locale.ROOT).replace('_', ' '));
    text.append(": ").append(line(task));
    if (site != null && !site.equals(task)) text.append(" from ").append(site);
    if (others > 0) text.append(" and ").append(others).append(" more like it");
    if (thread != null) text.append(" on thread ").append(line(thread));
    text.append(' ').append(line(message));
    if (where != null) text.append(" (at ").append(where).append(')');
    int n = 0;
    for (StackTraceElement f : frames) {
      if (n++ == SHOWN) {
        text.append("\n    ... ").append(frames.size() - SHOWN).append(" more");
        break;
      }
      text.append("\n    at ").append(f);
    }
    return text.toString();
  }

  /** Names are anybody's text; the first line stays one. */
  private static String line(String text) {
    return text.codePoints().anyMatch(Character::isISOControl)
        ? text.replaceAll("\\p{Cntrl}", " ")
        : text;
  }
}
