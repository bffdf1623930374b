package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.measure.Nature;
import dev.brigade.measure.Probe;
import dev.brigade.measure.Probe.Doing;
import dev.brigade.measure.Probes;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a crew does about what it is told of its threads; the probes say what the test wants. */
@HangGuard
class TrialTest {
  private static final int CORES = 2;

  private static List<Integer> upTo(int n) {
    return IntStream.range(0, n).boxed().toList();
  }

  /** Every thread always does the same, from the moment it entered. */
  private record Always(Doing doing) implements Probes {
    @Override
    public Probe here() {
      long entered = System.nanoTime();
      return new Probe() {
        @Override
        public Look look() {
          long cpu = doing == Doing.RUNNING ? System.nanoTime() - entered : 0;
          return new Look(cpu, 0, 0, doing);
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public String caveat() {
      return "made up";
    }
  }

  private static <R> List<R> run(
      Trial trial, Iterable<Integer> items, Fn<Integer, R, InterruptedException> f)
      throws InterruptedException {
    var all = new Collected.All<Integer, R>();
    Object unused =
        TaskScope.<Object, RuntimeException>call(
            Choices.DEFAULT,
            TaskScope.Mode.COMBINATOR,
            s -> {
              Items<Integer> input = Items.of(items);
              all.size(input.size());
              Crew<Integer, R> crew = MeasuredCrew.of(s, input, f, all, trial, null);
              s.completeWhen(crew::complete);
              crew.run();
              return Null.result(null);
            });
    return all.list();
  }

  private static Trial trial(Doing doing, int limit) {
    return new Trial(new Always(doing), (start, most) -> new Pace.Fixed(start), CORES, limit);
  }

  @Test
  void itemsThatWaitGetCompanyOnVirtualThreads() throws Exception {
    for (boolean lazy : new boolean[] {false, true}) {
      // They wait for one another: it takes more at once than there are cores.
      var together = new CountDownLatch(20);
      Trial trial = trial(Doing.WAITING, 0);
      Iterable<Integer> items = lazy ? upTo(40)::iterator : upTo(40);
      List<Integer> results =
          run(
              trial,
              items,
              i -> {
                together.countDown();
                together.await();
                return i;
              });
      assertEquals(upTo(40), results);
      assertEquals(Nature.WAITS, trial.finding().nature());
      Trial.Move move = Objects.requireNonNull(trial.finding().move());
      assertEquals("virtual", move.engine().traits().name());
    }
  }

  @Test
  void itemsThatComputeStayOnTheCores() throws Exception {
    var now = new AtomicInteger();
    var peak = new AtomicInteger();
    Trial trial = trial(Doing.RUNNING, 0);
    List<Integer> results =
        run(
            trial,
            upTo(60),
            i -> {
              peak.accumulateAndGet(now.incrementAndGet(), Math::max);
              Thread.sleep(2);
              now.decrementAndGet();
              return i;
            });
    assertEquals(upTo(60), results);
    assertTrue(peak.get() <= CORES, "peak " + peak);
    assertNull(trial.finding().move());
  }

  @Test
  void itemsBehindOneLockAreLeftToOneThread() throws Exception {
    for (boolean lazy : new boolean[] {false, true}) {
      Trial trial = trial(Doing.LOCKED, 0);
      var now = new AtomicInteger();
      var peakAfterwards = new AtomicInteger();
      Iterable<Integer> items = lazy ? upTo(200)::iterator : upTo(200);
      List<Integer> results =
          run(
              trial,
              items,
              i -> {
                int at = now.incrementAndGet();
                if (i > 150) peakAfterwards.accumulateAndGet(at, Math::max);
                Thread.sleep(1);
                now.decrementAndGet();
                return i;
              });
      assertEquals(upTo(200), results);
      Trial.Finding found = trial.finding();
      assertEquals(Nature.CONTENDS, found.nature());
      assertTrue(Objects.requireNonNull(found.move()).stays());
      assertEquals(1, peakAfterwards.get());
    }
  }

  @Test
  void thereIsNowhereToGoWithinASmallLimit() throws Exception {
    Trial trial = trial(Doing.WAITING, CORES);
    var peak = new AtomicInteger();
    var now = new AtomicInteger();
    var unused =
        run(
            trial,
            upTo(30),
            i -> {
              peak.accumulateAndGet(now.incrementAndGet(), Math::max);
              Thread.sleep(1);
              now.decrementAndGet();
              return i;
            });
    assertNull(trial.finding().move());
    assertTrue(peak.get() <= CORES, "peak " + peak);
  }
}
