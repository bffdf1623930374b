package dev.brigade.process.wire;

import java.io.IOException;
import java.io.StreamCorruptedException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Makes collections and maps of the kinds that travel. */
final class Containers {
  private Containers() {}

  /** One that is filled afterwards, with room for so many. */
  static Collection<@Nullable Object> collection(int kind, int n) throws IOException {
    return switch (kind) {
      case Kind.ARRAY_LIST -> new ArrayList<>(n);
      case Kind.LINKED_LIST -> new LinkedList<>();
      case Kind.ARRAY_DEQUE -> new ArrayDeque<>(n);
      case Kind.HASH_SET -> HashSet.newHashSet(n);
      case Kind.LINKED_HASH_SET -> LinkedHashSet.newLinkedHashSet(n);
      case Kind.TREE_SET -> new TreeSet<>();
      default -> throw new StreamCorruptedException("no collection " + kind);
    };
  }

  /** One that is filled afterwards, and then given to {@link #mapOf} if that is its kind. */
  static Map<@Nullable Object, @Nullable Object> map(int kind, int n) throws IOException {
    return switch (kind) {
      case Kind.HASH_MAP -> HashMap.newHashMap(n);
      case Kind.LINKED_HASH_MAP, Kind.MAP_OF -> LinkedHashMap.newLinkedHashMap(n);
      case Kind.TREE_MAP -> new TreeMap<>();
      default -> throw new StreamCorruptedException("no map " + kind);
    };
  }

  static List<@Nullable Object> listOf(@Nullable Object[] values) {
    boolean nulls = values.length > 2;
    for (Object v : values) nulls |= v == null;
    return nulls ? Arrays.stream(values).toList() : List.of(values);
  }

  @SuppressWarnings("NullAway") // a null is refused, which is what we want
  static Object setOf(@Nullable Object[] values) {
    return Set.of(values);
  }

  @SuppressWarnings({"unchecked", "rawtypes", "NullAway"}) // a null is refused
  static Object mapOf(Map<@Nullable Object, @Nullable Object> m) {
    return Map.ofEntries(m.entrySet().toArray(new Map.Entry[0]));
  }

  /** The empty one of {@link Collections} by its number. */
  static Object empty(int number) throws IOException {
    return switch (number) {
      case 0 -> Collections.emptyList();
      case 1 -> Collections.emptySet();
      case 2 -> Collections.emptyMap();
      default -> throw new StreamCorruptedException("nothing empty like that");
    };
  }
}
