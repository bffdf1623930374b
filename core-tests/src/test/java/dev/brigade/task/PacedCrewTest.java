package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.engine.Engine;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A crew whose width changes while it runs. */
@HangGuard
class PacedCrewTest {
  /** A pace that the test sets. */
  private static final class Hand implements Pace {
    volatile int width;
    final AtomicInteger begun = new AtomicInteger();
    final AtomicInteger good = new AtomicInteger();
    final AtomicInteger bad = new AtomicInteger();

    Hand(int width) {
      this.width = width;
    }

    @Override
    public int width() {
      return width;
    }

    @Override
    public ElasticWidth.Turn begin() {
      begun.incrementAndGet();
      return this::ended;
    }

    private void ended(@Nullable Throwable failure) {
      (failure == null ? good : bad).incrementAndGet();
    }

    @Override
    public void restart(int newWidth) {
      width = newWidth;
    }

    @Override
    public List<Point> path() {
      return List.of();
    }
  }

  private static List<Integer> upTo(int n) {
    return IntStream.range(0, n).boxed().toList();
  }

  private static <X extends Exception> List<Integer> run(
      Pace pace, int n, Fn<Integer, Integer, X> f) throws X, InterruptedException {
    var all = new Collected.All<Integer, Integer>();
    Object unused =
        TaskScope.<Object, RuntimeException>call(
            Choices.DEFAULT,
            TaskScope.Mode.COMBINATOR,
            s -> {
              Items<Integer> items = Items.of(upTo(n));
              all.size(n);
              var next = new AtomicInteger();
              var crew =
                  new PacedCrew<Integer, Integer>(s, Engine.virtual(), items, next, f, all, pace);
              s.completeWhen(crew::complete);
              crew.run();
              return Null.result(null);
            });
    return all.list();
  }

  @Test
  void asManyAtOnceAsThePaceAllows() throws Exception {
    var pace = new Hand(5);
    var together = new CountDownLatch(5);
    List<Integer> results =
        run(
            pace,
            100,
            i -> {
              together.countDown();
              together.await();
              return i;
            });
    assertEquals(upTo(100), results);
    assertEquals(100, pace.good.get());
  }

  @Test
  void workersJoinWhenThePaceGrows() throws Exception {
    var pace = new Hand(1);
    var together = new CountDownLatch(7);
    List<Integer> results =
        run(
            pace,
            50,
            i -> {
              if (i == 3) pace.width = 7;
              if (i > 3) {
                together.countDown();
                together.await();
              }
              return i;
            });
    assertEquals(upTo(50), results);
  }

  @Test
  void workersLeaveWhenItShrinksButNotTheLast() throws Exception {
    var pace = new Hand(8);
    var now = new AtomicInteger();
    var peakAfterwards = new AtomicInteger();
    List<Integer> results =
        run(
            pace,
            400,
            i -> {
              int at = now.incrementAndGet();
              if (i == 100) pace.width = 1;
              // By then everybody has ended the item that was in progress.
              if (i > 120) peakAfterwards.accumulateAndGet(at, Math::max);
              Thread.yield();
              now.decrementAndGet();
              return i;
            });
    assertEquals(upTo(400), results);
    assertTrue(peakAfterwards.get() <= 8, "peak " + peakAfterwards);
    assertEquals(400, pace.begun.get());
  }

  @Test
  void failuresAreToldToThePaceAndEndTheCrew() {
    var pace = new Hand(3);
    assertThrows(
        IOException.class,
        () ->
            run(
                pace,
                1000,
                i -> {
                  if (i == 10) throw new IOException("item 10");
                  // Later ones end by the cancellation alone.
                  if (i > 10) new CountDownLatch(1).await();
                  return i;
                }));
    assertTrue(pace.bad.get() >= 1 && pace.bad.get() <= 3, "bad " + pace.bad);
    assertTrue(pace.begun.get() < 1000, "begun " + pace.begun);
  }
}
