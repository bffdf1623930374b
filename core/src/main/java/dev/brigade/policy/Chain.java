package dev.brigade.policy;

import dev.brigade.annotation.CheckReturnValue;
import dev.brigade.task.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Two policies or chains, one around the other. */
final class Chain implements Policy {
  private final Policy outer;
  private final Policy inner;
  private final List<Policy> all;

  private Chain(Policy outer, Policy inner, List<Policy> all) {
    this.outer = outer;
    this.inner = inner;
    this.all = all;
  }

  static Policy of(Policy outer, Policy inner) {
    var all = new ArrayList<>(flat(outer));
    for (Policy in : flat(inner)) {
      for (Policy out : all) refuseContradiction(out, in);
      all.add(in);
    }
    return new Chain(outer, inner, List.copyOf(all));
  }

  private static List<Policy> flat(Policy p) {
    return p instanceof Chain c ? c.all : List.of(p);
  }

  private static void refuseContradiction(Policy outer, Policy inner) {
    String why = contradiction(outer, inner);
    if (why != null)
      throw new IllegalArgumentException("[" + outer + "] outside [" + inner + "]: " + why);
  }

  private static @Nullable String contradiction(Policy outer, Policy inner) {
    if (shared(outer) == shared(inner)) return "the same policy twice; make two, or write it once";
    Kind in = inner.kind();
    return switch (outer.kind()) {
      case RATE ->
          in == Kind.RETRY || in == Kind.HEDGE
              ? "one grant would be taken for several requests; write the rate limit inside"
              : null;
      case RETRY ->
          in == Kind.RETRY
              ? "attempts would multiply; use one of them"
              : in == Kind.FALLBACK ? hidden("retry") : null;
      case TIMEOUT ->
          outer instanceof Timeout o
                  && inner instanceof Timeout i
                  && o.length().compareTo(i.length()) <= 0
              ? "the inner one would never strike; write the longer one outside"
              : null;
      case BREAKER -> in == Kind.FALLBACK ? hidden("breaker") : null;
      case HEDGE ->
          in == Kind.HEDGE
              ? "requests would multiply; use one of them"
              : in == Kind.FALLBACK ? hidden("hedge") : useless(inner);
      default -> null;
    };
  }

  /** What a policy is a view of: two views of one object share what they count. */
  private static Object shared(Policy p) {
    return switch (p) {
      case ByKey<?> k -> k.keyed();
      case RateLimit r -> r.shared();
      default -> p;
    };
  }

  /** Why a second call inside a hedge can't be faster than the first. */
  private static @Nullable String useless(Policy inner) {
    if (inner.kind() == Kind.SINGLE_FLIGHT)
      return "the second request would join the first; write the hedge inside";
    return isLock(inner)
        ? "the second request would wait for the first to end; write the hedge inside"
        : null;
  }

  private static boolean isLock(Policy p) {
    Object o = shared(p);
    return o instanceof KeyedLock<?>
        || o instanceof KeyedLimit<?> k && k.isLock()
        || o instanceof Limit l && l.isLock();
  }

  private static String hidden(String who) {
    return "the " + who + " would never see a failure; write the fallback outside";
  }

  @CheckReturnValue
  @Override
  public <T, X extends Exception> T call(Work<T, X> work) throws X, InterruptedException {
    return outer.call(() -> inner.call(work));
  }

  @CheckReturnValue
  @Override
  public <T, X extends Exception> T callFor(@Nullable Object input, Work<T, X> work)
      throws X, InterruptedException {
    return outer.callFor(input, () -> inner.callFor(input, work));
  }

  @Override
  public String toString() {
    return all.stream().map(Policy::toString).collect(Collectors.joining(" > "));
  }
}
