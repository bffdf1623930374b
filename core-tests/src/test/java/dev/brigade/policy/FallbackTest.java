package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.observe.Observer;
import dev.brigade.observe.Observers;
import dev.brigade.observe.PolicyEvent;
import dev.brigade.observe.TaskEvent;
import dev.brigade.task.Caller;
import dev.brigade.task.CancelSource;
import dev.brigade.task.CancelledException;
import dev.brigade.task.DeadlineException;
import dev.brigade.task.HangGuard;
import dev.brigade.task.Stuck;
import dev.brigade.task.TaskFailedException;
import dev.brigade.task.Tasks;
import dev.brigade.task.Work;
import dev.brigade.testing.VirtualClock;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is replaced, and what passes. */
@HangGuard
class FallbackTest {
  private final Fallback<String> fallback = Fallback.to("instead");
  private final IOException own = new IOException("own");
  private final Work<String, IOException> fails =
      () -> {
        throw own;
      };

  @Test
  void aFailureIsReplacedAndAValueIsNot() throws Exception {
    assertEquals("instead", fallback.get(fails));
    assertEquals("value", fallback.get(() -> "value"));
    assertNull(fallback.get(() -> null));
    assertNull(Fallback.to(null).get(fails));
    assertEquals("after own", Fallback.from(e -> "after " + e.getMessage()).get(fails));
    assertEquals(new Fallback.Statistics(3, 1, 0), fallback.statistics());
  }

  @Test
  void onlyTheChosenFailuresAreReplaced() throws Exception {
    Fallback<String> some =
        fallback.onlyFor(FileNotFoundException.class, IllegalStateException.class);
    assertSame(own, assertThrows(IOException.class, () -> some.get(fails)));
    assertEquals(
        "instead",
        some.<IOException>get(() -> {
          throw new FileNotFoundException();
        }));
    assertEquals(
        "instead",
        some.get(() -> {
          throw new IllegalStateException();
        }));
    Fallback<String> chosen = fallback.onlyIf(e -> e.getMessage().equals("own"));
    assertEquals("instead", chosen.get(fails));
    var other = new IOException("other");
    assertSame(
        other,
        assertThrows(
            IOException.class,
            () ->
                chosen.<IOException>get(() -> {
                  throw other;
                })));
    assertEquals("fallback for FileNotFoundException, IllegalStateException", some.toString());
  }

  @Test
  void aFailureInAScopeIsJudgedAndHandedOnAsItsCause() throws Exception {
    Work<String, InterruptedException> inAScope = () -> Tasks.scope(s -> s.fork(fails).join());
    assertEquals("instead", fallback.onlyFor(IOException.class).get(inAScope));
    assertEquals("instead", fallback.onlyIf(e -> e == own).get(inAScope));
    assertEquals("own", Fallback.from(Exception::getMessage).get(inAScope));
    var passed =
        assertThrows(
            TaskFailedException.class,
            () -> fallback.onlyFor(IllegalStateException.class).get(inAScope));
    assertSame(own, passed.getCause());
  }

  private void passes(Throwable thrown) {
    assertSame(
        thrown,
        assertThrows(
            Throwable.class,
            () ->
                fallback.<Exception>get(() -> {
                  if (thrown instanceof Error error) throw error;
                  throw (Exception) thrown;
                })));
  }

  @Test
  void errorsInterruptsAndCancellationsPass() {
    var stop = new CancelSource();
    stop.cancel("stop");
    passes(new AssertionError());
    passes(new InterruptedException());
    passes(assertThrows(CancelledException.class, stop.token()::throwIfCancelled));
    passes(new java.util.concurrent.CancellationException());
    assertEquals(new Fallback.Statistics(4, 0, 0), fallback.statistics());
  }

  @Test
  void aFailureInReplyToAnInterruptPassesAndTheFlagStays() throws Exception {
    var caller =
        Caller.start(() -> {
          Thread.currentThread().interrupt();
          return fallback.get(fails);
        });
    assertSame(own, caller.failure());
    assertTrue(caller.flagLeft());
  }

  @Test
  void aDeadlineFurtherOutIsNotHidden() {
    var clock = new VirtualClock();
    assertThrows(
        DeadlineException.class,
        () ->
            Tasks.time(clock)
                .within(Duration.ofSeconds(1))
                .scope(_ ->
                    fallback.<IOException>get(() -> {
                      try {
                        Tasks.sleep(Duration.ofHours(1));
                      } catch (InterruptedException e) {
                        throw own;
                      }
                      return "value";
                    })));
    assertEquals(0, fallback.statistics().fellBack());
  }

  @Test
  void aTimeoutInsideIsReplaced() throws Exception {
    Policy p = Policy.of(fallback, Timeout.of(Duration.ofMillis(1)));
    assertEquals("instead", p.call(new Stuck()::<String>block));
    assertEquals("fallback > timeout 1 ms", p.toString());
  }

  @Test
  void aFallbackThatFailsThrowsItsOwnWithTheOriginalSuppressed() {
    var worse = new IllegalStateException("worse");
    Fallback<String> broken =
        Fallback.from(e -> {
          throw worse;
        });
    var e = assertThrows(IllegalStateException.class, () -> broken.get(fails));
    assertSame(worse, e);
    assertEquals(List.of(own), Arrays.asList(e.getSuppressed()));
    assertEquals(new Fallback.Statistics(1, 0, 1), broken.statistics());
    Fallback<String> again =
        Fallback.from(original -> {
          throw new IllegalStateException(original);
        });
    var wrapped = assertThrows(IllegalStateException.class, () -> again.get(fails));
    assertSame(own, wrapped.getCause());
    assertEquals(0, wrapped.getSuppressed().length);
  }

  @Test
  void aPredicateThatThrowsHidesNothing() {
    Fallback<String> broken =
        fallback.onlyIf(e -> {
          throw new IllegalStateException("broken");
        });
    var e = assertThrows(IllegalStateException.class, () -> broken.get(fails));
    assertEquals(List.of(own), Arrays.asList(e.getSuppressed()));
  }

  @Test
  void asAPolicyTheValueIsNotChecked() throws Exception {
    Policy p = fallback;
    assertEquals("instead", p.call(fails));
    assertThrows(
        ClassCastException.class,
        () -> {
          int unused =
              p.<Integer, IOException>call(() -> {
                throw own;
              });
        });
  }

  @Test
  void observersAreTold() throws Exception {
    var seen = new ArrayList<PolicyEvent>();
    Observer noting =
        new Observer() {
          @Override
          public void onEvent(TaskEvent event) {}

          @Override
          public void onPolicy(PolicyEvent event) {
            seen.add(event);
          }
        };
    try (var _ = Observers.register(noting)) {
      assertEquals("instead", fallback.get(fails));
    }
    assertEquals(1, seen.size());
    assertEquals(PolicyEvent.Kind.FELL_BACK, seen.getFirst().kind());
    assertSame(own, seen.getFirst().failure());
  }

  @Test
  void misuseIsRefusedAndItIsShownByName() {
    assertThrows(NullPointerException.class, () -> Fallback.from(null));
    assertThrows(NullPointerException.class, () -> fallback.onlyIf(null));
    assertThrows(IllegalArgumentException.class, () -> fallback.onlyFor());
    assertThrows(NullPointerException.class, () -> fallback.onlyFor(IOException.class, null));
    assertThrows(NullPointerException.class, () -> fallback.get(null));
    assertInstanceOf(
        IllegalArgumentException.class,
        assertThrows(RuntimeException.class, () -> Policy.of(Retry.attempts(2), fallback)));
    Fallback<String> named = fallback.named("orders");
    assertTrue(Tasks.snapshot().toText().contains("fallback orders  {calls=0"));
    assertSame(fallback, named);
  }
}
