package dev.brigade.policy;

import static dev.brigade.models.Models.expect;

import dev.brigade.models.ModelTime;
import dev.brigade.models.Models;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Entries that come and go: never two for one key at the same time, none left behind. */
@Tag("interleavings")
class KeyedModelTest {
  @Test
  void thereAreNeverTwoEntriesOfOneKeyInUse() {
    Models.check(() -> {
      var inUse = new AtomicInteger();
      var forgotten = new AtomicInteger();
      var keys = new Keys<String, Object>(k -> new Object(), v -> forgotten.incrementAndGet());
      var current = new Object[1];
      Runnable user =
          () -> {
            var e = keys.use("a");
            synchronized (current) {
              expect(inUse.getAndIncrement() == 0 || current[0] == e.value, "two entries");
              current[0] = e.value;
            }
            synchronized (current) {
              inUse.decrementAndGet();
            }
            keys.giveBack("a", e);
          };
      Thread one = new Thread(user);
      Thread two = new Thread(user);
      one.start();
      two.start();
      user.run();
      one.join();
      two.join();
      expect(keys.size() == 0, "left behind");
      expect(forgotten.get() >= 1 && forgotten.get() <= 3, "forgotten " + forgotten);
    });
  }

  @Test
  void aLockOfAKeyExcludesEvenWhileItIsForgottenAndMadeAnew() {
    Models.check(() -> {
      var lock = new KeyedLock<String>(new ModelTime());
      var inside = new AtomicInteger();
      Runnable user =
          () -> {
            try (var _ = lock.lock("a")) {
              expect(inside.incrementAndGet() == 1, "two inside");
              inside.decrementAndGet();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          };
      Thread other = new Thread(user);
      other.start();
      user.run();
      user.run();
      other.join();
      expect(lock.statistics().keys() == 0, "left behind");
    });
  }

  @Test
  void whoTriesWithoutWaitingLeavesNothingBehindAndTakesNothingAway() {
    Models.check(() -> {
      var lock = new KeyedLock<String>(new ModelTime());
      var held = lock.lock("a");
      Thread other =
          new Thread(() -> {
            var got = lock.tryLock("a");
            if (got != null) got.close();
          });
      other.start();
      held.close();
      var got = lock.tryLock("a");
      if (got != null) got.close();
      other.join();
      expect(lock.statistics().keys() == 0, "left behind");
      expect(lock.tryLock("a") != null, "the lock was lost");
    });
  }
}
