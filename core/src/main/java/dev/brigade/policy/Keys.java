package dev.brigade.policy;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * Design. Each entry counts those who use it. The one who makes it unused tries to end it; who finds
 * it ended makes another one, which goes into the map only when the ended one has left it.
 *
 * Invariants.
 *  K1 users goes up only from 0 or more, and from 0 to ENDED, once. So who has counted himself in has
 *     an entry that is not ended, and that stays so until he has counted himself out.
 *  K2 An entry leaves the map only when ended. So for one key there are never two that are not ended.
 *
 * Rejected: compute on the map, which runs the making of an entry, anybody's code, under its lock.
 */
/** Something for each key that is in use, and nothing for the others. */
final class Keys<K, V> {
  private static final int ENDED = -1;

  private final ConcurrentHashMap<K, Entry<V>> map = new ConcurrentHashMap<>();
  private final Maker<? super K, V> maker;
  private final Consumer<? super V> forgotten;

  @FunctionalInterface
  interface Maker<K, V> {
    V make(K key);
  }

  static final class Entry<V> {
    final V value;
    private final AtomicInteger users = new AtomicInteger(1);

    private Entry(V value) {
      this.value = value;
    }

    private boolean tryUse() {
      int n = users.get();
      while (n != ENDED) {
        int seen = users.compareAndExchange(n, n + 1);
        if (seen == n) return true;
        n = seen;
      }
      return false;
    }

    private boolean endsWith() {
      return users.decrementAndGet() == 0 && users.compareAndSet(0, ENDED);
    }
  }

  Keys(Maker<? super K, V> maker, Consumer<? super V> forgotten) {
    this.maker = maker;
    this.forgotten = forgotten;
  }

  /** The entry of the key, to be given back. */
  Entry<V> use(K key) {
    while (true) {
      Entry<V> e = map.get(key);
      if (e == null) {
        var made = new Entry<V>(maker.make(key));
        e = map.putIfAbsent(key, made);
        if (e == null) return made;
      }
      if (e.tryUse()) return e;
      map.remove(key, e);
    }
  }

  void giveBack(K key, Entry<V> e) {
    if (!e.endsWith()) return;
    map.remove(key, e);
    forgotten.accept(e.value);
  }

  /** What is in use for the key; not to be kept. */
  @Nullable V peek(K key) {
    Entry<V> e = map.get(key);
    return e == null ? null : e.value;
  }

  int size() {
    return map.size();
  }

  void forEach(Consumer<? super V> action) {
    for (Entry<V> e : map.values()) action.accept(e.value);
  }
}
