package dev.brigade.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.engine.Engine;
import dev.brigade.task.RemoteFailureException;
import dev.brigade.task.Tasks;
import dev.brigade.task.Work;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@LeakChecked
class SerialisingEngineTest {
  private final Engine engine = SerialisingEngine.open();

  @AfterEach
  void close() {
    engine.close();
  }

  private String refusal(Work<?, ?> work) {
    var e = assertThrows(RejectedExecutionException.class, () -> engine.submit(work));
    return e.getMessage();
  }

  private record Order(int id, Customer customer) implements Serializable {}

  private static final class Customer implements Serializable {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings({"serial", "unused"}) // what keeps it from travelling
    final List<Object> cards = new ArrayList<>();
  }

  @Test
  void theWayToWhatCannotTravelIsNamedThroughFieldsAndLists() {
    var customer = new Customer();
    customer.cards.add("fine");
    customer.cards.add(new Thread());
    var order = new Order(1, customer);
    String why = refusal(() -> order.id());
    assertTrue(why.contains("java.lang.Thread is not Serializable"), why);
    assertTrue(why.contains(".customer.cards[1]"), why);
    assertTrue(why.contains("SerialisingEngineTest"), why);
  }

  @Test
  void theWayToWhatCannotTravelIsNamedThroughMapsAndArrays() {
    Map<String, Object[]> shelf = new HashMap<>();
    shelf.put("top", new Object[] {1, new Object()});
    String why = refusal(() -> shelf.size());
    assertTrue(why.contains("java.lang.Object is not Serializable"), why);
    assertTrue(why.contains("[top][1]"), why);
  }

  @Test
  void aCapturedTestInstanceIsNamed() {
    String why = refusal(() -> engine.toString());
    assertTrue(why.contains("SerialisingEngineTest is not Serializable"), why);
  }

  @Test
  void nothingIsSharedWithAnItem() throws Exception {
    var item = new ArrayList<>(List.of(1));
    List<Integer> sizes = Tasks.on(engine).map(List.of(item, item), SerialisingEngineTest::grow);
    assertEquals(List.of(2, 2), sizes);
    assertEquals(List.of(1), item);
  }

  private static int grow(List<Integer> list) {
    list.add(2);
    return list.size();
  }

  @Test
  void aMapThrowsACopyOfTheItemsOwnException() {
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Tasks.on(engine).map(List.of(1), SerialisingEngineTest::refuse));
    assertEquals("not 1", e.getMessage());
  }

  private static int refuse(int n) {
    throw new IllegalArgumentException("not " + n);
  }

  private static final class Heavy extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings({"serial", "unused"}) // what keeps it from travelling
    final Thread ballast = new Thread();

    Heavy() {
      super("heavy");
    }
  }

  private static int failHeavily() {
    throw new Heavy();
  }

  @Test
  void whatCannotComeBackIsToldByTextAndTrace() {
    var e =
        assertThrows(
            RemoteFailureException.class,
            () -> Tasks.on(engine).map(List.of(1), n -> failHeavily()));
    assertTrue(e.getMessage().contains("Heavy: heavy"), e.getMessage());
    assertTrue(e.getMessage().contains("failHeavily"), e.getMessage());
  }

  @Test
  void nullTravelsBothWays() throws Exception {
    Work<String, Exception> nothing = () -> null;
    assertNull(engine.submit(nothing).get());
    assertNull(Tasks.on(engine).<String, Exception>scope(s -> s.fork(nothing).join()));
  }

  @Test
  void anUndeliverableResultFailsItsTaskOnly() throws Exception {
    var outcomes =
        Tasks.on(engine)
            .<Integer, Object>settle(List.of(1, 2), n -> n == 1 ? (Object) "a" : new Thread());
    assertEquals("a", outcomes.get(0).orThrow());
    var failure = outcomes.get(1).failureOrNull();
    assertInstanceOf(IllegalStateException.class, failure);
    assertTrue(failure.getMessage().contains("java.lang.Thread"), failure.getMessage());
  }
}
