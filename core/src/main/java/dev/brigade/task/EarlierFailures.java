package dev.brigade.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The failures of one call that are not what it throws in the end, kept as suppressed by the
 * library's rules: no cycles, nothing twice, at most sixteen and then how many more there were, and
 * nothing in an exception that was known before the call began, since that may be a constant which
 * would grow for ever. For policies that call more than once; shapes and scopes do it by
 * themselves.
 *
 * {@snippet :
 * var earlier = EarlierFailures.begin();
 * for (URI mirror : mirrors) {
 *   try {
 *     fetch(mirror);
 *   } catch (IOException e) {
 *     earlier.add(e);
 *   }
 * }
 * var none = new IOException("no mirror has it");
 * earlier.suppressIn(none);
 * throw none;
 * }
 *
 * <p>For one thread. Costs one small object until there is a failure.
 */
public final class EarlierFailures {
  private static final int MAX_KEPT = 16;

  private final long call = Failures.callBegins();
  private List<Throwable> kept = List.of();
  private int more;

  private EarlierFailures() {}

  /** To be called before the work is: what was thrown before does not belong to this call. */
  public static EarlierFailures begin() {
    return new EarlierFailures();
  }

  /** Keeps one more. */
  public void add(Throwable failure) {
    Failures.seen(Objects.requireNonNull(failure, "failure"));
    if (kept.isEmpty()) kept = new ArrayList<>();
    if (kept.size() < MAX_KEPT) kept.add(failure);
    else more++;
  }

  /** Adds those kept to what is going to be thrown. */
  public void suppressIn(Throwable thrown) {
    Failures.seen(Objects.requireNonNull(thrown, "thrown"));
    Failures.suppressAll(thrown, kept, more, call);
  }

  /**
   * Says of an exception that several calls are going to throw it, so that none of them suppresses
   * its own failures into it.
   */
  public static void keepAsItIs(Throwable shared) {
    Failures.shared(Objects.requireNonNull(shared, "shared"));
  }
}
