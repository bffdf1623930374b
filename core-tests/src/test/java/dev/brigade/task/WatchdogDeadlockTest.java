package dev.brigade.task;

import static dev.brigade.task.Looking.HOG_AFTER;
import static dev.brigade.task.Looking.assertNames;
import static dev.brigade.task.Looking.awaitParked;
import static dev.brigade.task.Looking.awaitParkedOn;
import static dev.brigade.task.Looking.only;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.observe.Finding;
import dev.brigade.observe.Finding.Kind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Who waits for itself, by way of others. */
@HangGuard
class WatchdogDeadlockTest {
  private final Looking looking = new Looking();
  private final CountDownLatch forked = new CountDownLatch(1);

  @Test
  void twoTasksThatJoinEachOtherAreNamedOnceWithBothLines() throws Exception {
    var tasks = new Task<?>[2];
    Tasks.runSupervised(s -> {
      for (int i = 0; i < 2; i++) {
        int other = 1 - i;
        tasks[i] =
            s.run(
                "task " + i,
                () -> {
                  forked.await();
                  tasks[other].outcome(); // joins
                });
      }
      forked.countDown();
      for (Task<?> t : tasks) awaitParkedOn(TaskNode.class, t);
      Finding f = only(looking.over(HOG_AFTER), Kind.DEADLOCK);
      assertEquals(List.of(), looking.over(HOG_AFTER.multipliedBy(9)), "it is named once");
      s.cancel("enough");
      assertNames("// joins", f);
      assertTrue(f.message().contains("task 0 waits for task task 1"), f.message());
      assertTrue(f.message().contains("task 1 waits for task task 0"), f.message());
    });
    assertEquals(List.of(), looking.over(HOG_AFTER));
  }

  @Test
  void waitingForTasksWhileHoldingWhatTheyNeedIsNamed() throws Exception {
    var shared = new Guarded<>("value");
    Tasks.runSupervised(s -> {
      var inner = new Task<?>[1];
      Task<?> holder =
          s.run(
              "holder",
              () ->
                  shared.run(v ->
                      Tasks.runScope(n -> {
                        inner[0] = n.run("inner", () -> shared.run(String::length)); // needs it
                        forked.countDown();
                      })));
      forked.await();
      awaitParkedOn(Guarded.class, inner[0]);
      awaitParkedOn(TaskScope.class, holder);
      Finding f = only(looking.over(HOG_AFTER), Kind.DEADLOCK);
      s.cancel("enough");
      assertTrue(f.message().contains("inner waits for a guarded value"), f.message());
      assertTrue(f.message().contains("holder waits for scope"), f.message());
    });
  }

  // ---- no circle

  @Test
  void aChainOfJoinsThatEndsAtWorkIsNone() throws Exception {
    var stuck = new Stuck();
    Tasks.runScope(s -> {
      Task<?> last = s.fork(stuck::block);
      Task<?> middle = s.fork(() -> last.join());
      Task<?> first = s.fork(() -> middle.join());
      stuck.awaitBegun();
      awaitParked(last, middle, first);
      assertEquals(List.of(), looking.over(HOG_AFTER.multipliedBy(3)));
      stuck.letGo();
    });
  }

  @Test
  void manyThatWaitForAValueWhoseOwnerWorksAreNone() throws Exception {
    var shared = new Guarded<>("value");
    var stuck = new Stuck();
    Tasks.runScope(s -> {
      s.run("owner", () -> shared.run(v -> stuck.block()));
      stuck.awaitBegun();
      var waiting = new Task<?>[50];
      for (int i = 0; i < waiting.length; i++) waiting[i] = s.run(() -> shared.run(v -> {}));
      awaitParked(waiting);
      assertEquals(List.of(), looking.over(HOG_AFTER.multipliedBy(3)));
      stuck.letGo();
    });
  }

  @Test
  void aCircleWithADeadlineResolvesItself() throws Exception {
    var clock = new HandClock();
    var shared = new Guarded<>("value");
    assertThrows(
        DeadlineException.class,
        () ->
            Tasks.time(clock)
                .within(Duration.ofHours(1))
                .runScope(s -> {
                  var inner = new Task<?>[1];
                  Task<?> holder =
                      s.run(() ->
                          shared.run(v ->
                              Tasks.runScope(n -> {
                                inner[0] = n.run(() -> shared.run(String::length));
                                forked.countDown();
                              })));
                  forked.await();
                  awaitParkedOn(Guarded.class, inner[0]);
                  awaitParkedOn(TaskScope.class, holder);
                  assertEquals(List.of(), looking.over(HOG_AFTER.multipliedBy(3)));
                  clock.advance(Duration.ofHours(1));
                }));
  }
}
