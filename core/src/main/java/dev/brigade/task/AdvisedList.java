package dev.brigade.task;

import dev.brigade.auto.Advice;
import dev.brigade.auto.Advised;
import java.io.Serial;
import java.io.Serializable;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.RandomAccess;

/** An unmodifiable list of results with the advice of its fan-out; serialised without it. */
final class AdvisedList<E> extends AbstractList<E> implements RandomAccess, Serializable, Advised {
  @Serial private static final long serialVersionUID = 1L;

  private final transient List<E> results;
  private final transient Advice advice;

  /** The list of results is not changed any more. */
  AdvisedList(List<E> results, Advice advice) {
    this.results = results;
    this.advice = advice;
  }

  @Override
  public Advice advice() {
    return advice;
  }

  @Override
  public E get(int index) {
    return results.get(index);
  }

  @Override
  public int size() {
    return results.size();
  }

  @Override
  public Object[] toArray() {
    return results.toArray();
  }

  @Serial
  private Object writeReplace() {
    return Collections.unmodifiableList(new ArrayList<>(results));
  }
}
