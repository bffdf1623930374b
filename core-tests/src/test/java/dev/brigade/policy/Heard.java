package dev.brigade.policy;

import dev.brigade.observe.Observer;
import dev.brigade.observe.Observers;
import dev.brigade.observe.PolicyEvent;
import dev.brigade.observe.TaskEvent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What one policy tells while it is listened to. */
final class Heard implements Observer, AutoCloseable {
  private final String policy;
  private final List<PolicyEvent> events = new CopyOnWriteArrayList<>();
  private final Observers.Registration registration;

  Heard(Object policy) {
    this.policy = policy.toString();
    this.registration = Observers.register(this);
  }

  @Override
  public void onEvent(TaskEvent event) {}

  @Override
  public void onPolicy(PolicyEvent event) {
    if (event.policy().equals(policy)) events.add(event);
  }

  List<PolicyEvent.Kind> kinds() {
    return events.stream().map(PolicyEvent::kind).toList();
  }

  List<String> details() {
    return events.stream().map(PolicyEvent::detail).toList();
  }

  @Override
  public void close() {
    registration.close();
  }
}
