package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.task.CancelledException;
import dev.brigade.task.HangGuard;
import dev.brigade.task.Outcome;
import dev.brigade.task.Task;
import dev.brigade.task.Tasks;
import dev.brigade.task.Work;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Calls that are cancelled at any point of a chain leave nothing behind; in real time. */
@HangGuard
class PolicyCancellationRaceTest {
  private static final int ROUNDS = 200;
  private static final int CALLERS = 12;

  private final Limit limit = Limit.of(3);
  private final Retry retry =
      Retry.attempts(4)
          .withBackoff(Backoff.exponential(Duration.ofNanos(20_000), Duration.ofMillis(1)));
  private final Timeout timeout = Timeout.of(Duration.ofNanos(300_000));
  private final Random random = new Random(77);

  @Test
  void permitsAndFlagsSurviveEveryCancellation() throws Exception {
    for (Policy chain :
        List.of(
            Policy.of(retry, limit, timeout),
            Policy.of(limit, retry, timeout),
            Policy.of(timeout, retry, limit),
            Policy.of(limit, timeout.abandonAfter(Duration.ofHours(1)), retry))) {
      for (int round = 0; round < ROUNDS; round++) round(chain);
      assertEquals(0, limit.statistics().held(), chain::toString);
      assertEquals(0, limit.statistics().waiting(), chain::toString);
    }
    var s = retry.statistics();
    assertTrue(s.retries() > 0 && s.interrupted() > 0, s.toString());
    assertTrue(timeout.statistics().timedOut() > 0);
  }

  private void round(Policy chain) throws InterruptedException {
    Tasks.runSupervised(s -> {
      var tasks = new ArrayList<Task<Integer>>();
      for (int i = 0; i < CALLERS; i++) {
        int seed = random.nextInt();
        tasks.add(s.fork(() -> chain.call(work(seed))));
      }
      for (Task<Integer> t : tasks) {
        for (int spin = random.nextInt(2000); spin > 0; spin--) Thread.onSpinWait();
        if (random.nextBoolean()) t.cancel("not wanted");
      }
      for (Task<Integer> t : tasks) {
        switch (t.outcome()) {
          case Outcome.Success<Integer> _ -> {}
          case Outcome.Cancelled<Integer>(CancelledException why) ->
              assertEquals("not wanted", why.reason().message());
          case Outcome.Failed<Integer>(Throwable failure) ->
              assertTrue(
                  failure instanceof IOException
                      || failure instanceof dev.brigade.task.DeadlineException,
                  failure::toString);
        }
      }
    });
  }

  private static Work<Integer, IOException> work(int seed) {
    return () -> {
      int kind = Math.floorMod(seed, 4);
      if (kind == 0) throw new IOException("at once");
      if (kind == 1) Tasks.sleep(Duration.ofNanos(Math.floorMod(seed, 500_000)));
      if (kind == 2) Tasks.sleep(Duration.ofHours(1));
      return kind;
    };
  }
}
