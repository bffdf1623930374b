package dev.brigade.process;

import dev.brigade.process.wire.Functions;
import java.util.ArrayDeque;
import java.util.List;

/** The functions that were last defined somewhere: a spare worker is told of them in advance. */
final class RecentFunctions {
  private static final int MOST = 16;

  private final ArrayDeque<Functions.Reference> last = new ArrayDeque<>();
  private volatile List<Functions.Reference> all = List.of();

  synchronized void used(Functions.Reference function) {
    for (Functions.Reference f : last) if (f.id() == function.id()) return;
    last.addFirst(function);
    if (last.size() > MOST) {
      Functions.Reference unused = last.removeLast();
    }
    all = List.copyOf(last);
  }

  List<Functions.Reference> all() {
    return all;
  }
}
