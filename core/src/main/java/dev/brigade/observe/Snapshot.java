package dev.brigade.observe;

import dev.brigade.annotation.CheckReturnValue;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was alive at one moment: the tree of scopes and their tasks, and totals since the start.
 *
 * <p>A snapshot is taken without stopping anything, so it is exact for each task on its own and
 * only nearly so for the tree: what began or ended meanwhile may be in it or not.
 *
 * @param roots the scopes that were opened outside any task, oldest first
 * @param overruns how many blocks returned a value after their deadline or cancellation had struck
 * @param abandoned how many tasks were left running by an explicit choice and have not ended
 * @param unobserved how many failures nobody ever looked at
 * @param meters the figures of what was named to be shown: policies, pools
 */
public record Snapshot(
    List<Node> roots, long overruns, long abandoned, long unobserved, List<Reading> meters) {

  /** Takes its own copies of the lists. */
  public Snapshot {
    roots = List.copyOf(roots);
    meters = List.copyOf(meters);
  }

  /**
   * A scope or a task.
   *
   * @param kind {@code scope}, {@code task} or {@code daemon}
   * @param name its name, or one derived from the code it runs
   * @param state {@code open}, {@code queued}, {@code running}, {@code waiting}, {@code
   *     cancelling}, {@code ending}
   * @param age since it was forked or opened
   * @param waitingFor what its thread is parked on, if it is
   * @param engine the name of its engine
   * @param thread the name of its thread, or {@code #} and the number of a nameless one
   * @param site the method whose lambda it runs, or the line where it was forked if an observer was
   *     registered then
   * @param reason why it is being cancelled, if it is
   * @param children what it has opened or forked, oldest first
   */
  public record Node(
      String kind,
      String name,
      String state,
      Duration age,
      @Nullable String waitingFor,
      String engine,
      @Nullable String thread,
      @Nullable String site,
      @Nullable String reason,
      List<Node> children) {

    /** Takes its own copy of the list. */
    public Node {
      children = List.copyOf(children);
    }
  }

  /** How many tasks are in the tree; scopes do not count. */
  @CheckReturnValue
  public int taskCount() {
    return tasks(roots);
  }

  private static int tasks(List<Node> nodes) {
    int n = 0;
    for (Node node : nodes) n += (node.kind.equals("scope") ? 0 : 1) + tasks(node.children);
    return n;
  }

  /** The tree as indented lines, for people. */
  @CheckReturnValue
  public String toText() {
    var out = new StringBuilder();
    for (Node root : roots) text(root, "", out);
    out.append(taskCount()).append(" tasks alive, ").append(overruns).append(" overruns, ");
    out.append(abandoned)
        .append(" abandoned, ")
        .append(unobserved)
        .append(" unobserved failures\n");
    for (Reading m : meters)
      out.append(m.kind())
          .append(' ')
          .append(line(m.name()))
          .append("  ")
          .append(line(m.figures().toString()))
          .append('\n');
    return out.toString();
  }

  private static void text(Node n, String indent, StringBuilder out) {
    out.append(indent).append(n.kind).append(' ').append(line(n.name)).append("  ").append(n.state);
    out.append("  ").append(n.age.toMillis()).append(" ms");
    if (!n.kind.equals("scope")) out.append("  on ").append(n.engine);
    if (n.thread != null) out.append("  thread ").append(n.thread);
    if (n.waitingFor != null) out.append("  waits for ").append(line(n.waitingFor));
    if (n.reason != null) out.append("  cancelled: ").append(line(n.reason));
    if (n.site != null) out.append("  from ").append(n.site);
    out.append('\n');
    for (Node c : n.children) text(c, indent + "  ", out);
  }

  /** Names are anybody's text; each node stays on its line. */
  private static String line(String text) {
    return text.codePoints().anyMatch(Character::isISOControl)
        ? text.replaceAll("\\p{Cntrl}", " ")
        : text;
  }

  /** The tree as one line of JSON, for machines; ages are in nanoseconds. */
  @CheckReturnValue
  public String toJson() {
    var out = new StringBuilder("{\"roots\":");
    json(roots, out);
    out.append(",\"overruns\":").append(overruns).append(",\"abandoned\":").append(abandoned);
    out.append(",\"unobserved\":").append(unobserved).append(",\"meters\":[");
    for (int i = 0; i < meters.size(); i++) {
      if (i > 0) out.append(',');
      json(meters.get(i), out);
    }
    return out.append("]}").toString();
  }

  private static void json(Reading m, StringBuilder out) {
    Json.field(out.append('{'), "kind", m.kind()).append(',');
    Json.field(out, "name", m.name()).append(",\"figures\":{");
    String separator = "";
    for (var e : m.figures().entrySet()) {
      out.append(separator);
      separator = ",";
      if (e.getValue() instanceof Number n && Double.isFinite(n.doubleValue()))
        out.append('"').append(e.getKey()).append("\":").append(n);
      else Json.field(out, e.getKey(), String.valueOf(e.getValue()));
    }
    out.append("}}");
  }

  private static void json(List<Node> nodes, StringBuilder out) {
    out.append('[');
    for (int i = 0; i < nodes.size(); i++) {
      Node n = nodes.get(i);
      out.append(i == 0 ? "{" : ",{");
      Json.field(out, "kind", n.kind).append(',');
      Json.field(out, "name", n.name).append(',');
      Json.field(out, "state", n.state).append(',');
      out.append("\"ageNanos\":").append(n.age.toNanos()).append(',');
      Json.field(out, "waitingFor", n.waitingFor).append(',');
      Json.field(out, "engine", n.engine).append(',');
      Json.field(out, "thread", n.thread).append(',');
      Json.field(out, "site", n.site).append(',');
      Json.field(out, "reason", n.reason).append(",\"children\":");
      json(n.children, out);
      out.append('}');
    }
    out.append(']');
  }
}
