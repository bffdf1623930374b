package dev.brigade.examples;

import dev.brigade.observe.Observer;
import dev.brigade.observe.Observers;
import dev.brigade.observe.TaskEvent;
import dev.brigade.task.VoidWork;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads mistakes from the library's events: each names the line of the fork. */
final class ForkLog implements Observer {
  private final Map<Long, Set<Long>> running = new HashMap<>();
  private final List<String> forkedLate = new ArrayList<>();
  private final List<String> unobserved = new ArrayList<>();
  private final Map<Long, String> forks = new HashMap<>();
  private final Map<Long, Map<Long, String>> started = new HashMap<>();
  private final Set<String> ranTogether = new LinkedHashSet<>();

  private ForkLog() {}

  /** Listens while some work runs. */
  static ForkLog during(VoidWork<Exception> work) throws Exception {
    var log = new ForkLog();
    try (var _ = Observers.register(log)) {
      work.run();
    }
    return log;
  }

  @Override
  public synchronized void onEvent(TaskEvent event) {
    switch (event.kind()) {
      case FORKED -> {
        Set<Long> siblings = running.get(event.parent());
        // All that its scope had forked before has ended: it could have run together with them.
        if (siblings != null && siblings.isEmpty()) forkedLate.add(String.valueOf(event.site()));
        running.computeIfAbsent(event.parent(), _ -> new HashSet<>()).add(event.task());
        forks.put(event.task(), String.valueOf(event.site()));
      }
      case STARTED -> {
        String site = forks.get(event.task());
        if (site == null) return; // an item of a fan-out, which its worker stands for
        var siblings = started.computeIfAbsent(event.parent(), _ -> new HashMap<>());
        siblings.put(event.task(), site);
        if (siblings.size() > 1) ranTogether.addAll(siblings.values());
      }
      case ENDED -> {
        running.getOrDefault(event.parent(), new HashSet<>()).remove(event.task());
        started.getOrDefault(event.parent(), new HashMap<>()).remove(event.task());
      }
      case UNOBSERVED -> unobserved.add(String.valueOf(event.detail()));
      default -> {}
    }
  }

  /** Whether all of these are lines of one method, given as class and method. */
  static boolean areLinesOf(String method, List<String> sites) {
    return sites.stream().allMatch(site -> site.matches(Pattern.quote(method) + ":\\d+"));
  }

  /** Where tasks were forked only when all earlier ones of their scope had ended. */
  synchronized List<String> forkedLate() {
    return List.copyOf(forkedLate);
  }

  /** Where tasks were forked that ran at the same time as another one of their scope. */
  synchronized List<String> ranTogether() {
    return List.copyOf(ranTogether);
  }

  /** Where tasks were forked whose failure nobody looked at. */
  synchronized List<String> unobserved() {
    return List.copyOf(unobserved);
  }
}
