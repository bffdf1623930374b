package dev.brigade.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.engine.Engine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A diagnosis names the line in the source that holds the mistake. */
class DiagnosedLinesTest {
  private static final Pattern SITE = Pattern.compile("(\\w+)\\..*:(\\d+)");

  @Test
  void ofForksThatWaitForOneAnother() throws Exception {
    List<String> late = ForkLog.during(() -> SequentialOrNot.inRow(Waits.inVain())).forkedLate();
    assertEquals(2, late.size());
    assertAllNamed("// late", late);
    List<String> pitfall =
        ForkLog.during(() -> PitfallSequentialAwaits.sequential(Waits.inVain())).forkedLate();
    assertEquals(1, pitfall.size());
    assertAllNamed("// late", pitfall);
  }

  @Test
  void ofAForgottenTask() throws Exception {
    List<String> lost =
        ForkLog.during(() -> PitfallForgottenAwait.forgotten(new AtomicBoolean())).unobserved();
    assertEquals(1, lost.size());
    assertAllNamed("// forgotten", lost);
  }

  @Test
  void ofTheCallThatBlocksALoop() throws Exception {
    try (Engine loop = Engine.openThreads(1)) {
      var blocking = new ArrayList<String>();
      for (var task : Snapshots.withLines(() -> PitfallBlockedLoop.lookAt(loop, 0)))
        if (!task.state().equals("queued")) blocking.add(String.valueOf(task.site()));
      assertEquals(1, blocking.size());
      assertAllNamed("// the mistake", blocking);
    }
  }

  @Test
  void ofTooManyTasks() throws Exception {
    var alive = PitfallTooMany.lookAt(Waits.together(300), PitfallTooMany::unbounded);
    assertEquals(1, alive.size());
    assertAllNamed("// the mistake", alive.keySet());
  }

  @Test
  void ofTheForksThatRace() throws Exception {
    List<String> racing = PitfallRace.racing(PitfallRace::unguarded);
    assertEquals(1, racing.size());
    assertAllNamed("// the mistake", racing);
  }

  @Test
  void ofTheLoopThatHogsACarrier() throws Exception {
    var found = Snapshots.withLines(() -> PitfallCpuOnVirtual.compute(Engine.virtual(), 0)).found();
    assertEquals(1, found.size(), found::toString);
    assertAllNamed("// computes", List.of(String.valueOf(found.getFirst().site())));
    var loop = Objects.requireNonNull(found.getFirst().where());
    assertAllNamed(
        "// the mistake", List.of("PitfallCpuOnVirtual.countPrimes:" + loop.getLineNumber()));
  }

  private static void assertAllNamed(String mark, Collection<String> sites) throws Exception {
    for (String site : sites) {
      Matcher m = SITE.matcher(site);
      assertTrue(m.matches(), site);
      Path source = Path.of("src/main/java/dev/brigade/examples", m.group(1) + ".java");
      String line = Files.readAllLines(source).get(Integer.parseInt(m.group(2)) - 1);
      assertTrue(line.contains(mark), site + " is: " + line);
    }
  }
}
