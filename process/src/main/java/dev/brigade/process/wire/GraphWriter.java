package dev.brigade.process.wire;

import java.lang.invoke.SerializedLambda;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/*
 * Design. A graph is compact as a whole or not at all: once anything in it is not of the classes that
 * ClassPlan knows, put returns false all the way up, what was added is dropped, and the JDK's stream
 * gets the whole graph. So no object is ever reached by both formats, and none is copied twice.
 *
 * Invariants.
 *  G1 What can be told apart by identity stays one object: arrays, collections, maps, lambdas, records
 *     that hold more than leaves, and long texts are numbered in the order in which they begin, and
 *     come again as that number. So shared objects stay shared, cycles close, and a graph whose parts
 *     are shared many times over is not blown up.
 *  G2 Not numbered, so equal but not identical afterwards: boxed values, short texts, java.time, UUID,
 *     and flat records of such. Nothing of them can change, so only == and locks on them could tell.
 *  G3 What is complete only once its parts are (records, lambdas, List.of and its like) can't be
 *     referred to from inside itself; the JDK's stream gets such a cycle.
 *  G4 The copy has the same class and the same behaviour: TreeMap and TreeSet only without a
 *     comparator, LinkedHashMap only in the order of insertion. List.of with three elements or more
 *     and Stream.toList() are of one class and differ only in that one throws when asked for null; the
 *     copy doesn't.
 *  G5 At most MAX_DEPTH levels; deeper ones are left to the JDK's stream, or to its overflow.
 */
/** Writes values in the compact format. */
final class GraphWriter {
  static final int MAX_DEPTH = 200;

  /** Longer texts, and numbers of as many bits, are numbered. */
  static final int LONG_TEXT = 256;

  private static final int LONG_NUMBER = 4096;
  static final int CLASSES = 16;

  private final Seen seen = new Seen();
  private final @Nullable ClassPlan[] classes = new @Nullable ClassPlan[CLASSES];
  private int classCount;
  private int depth;

  /** False if it is not for this format; then some of it may have been added. */
  boolean write(@Nullable Object value, Output out) {
    try {
      return put(value, out);
    } finally {
      seen.clear();
      depth = 0;
      if (classCount > 0) {
        Arrays.fill(classes, 0, classCount, null);
        classCount = 0;
      }
    }
  }

  private boolean put(@Nullable Object v, Output out) {
    if (v == null) {
      out.putByte(Tag.NULL);
      return true;
    }
    Class<?> type = v.getClass();
    if (type == Integer.class) {
      out.putTagged(Tag.INT, (Integer) v);
      return true;
    }
    if (type == String.class) return putText((String) v, out);
    ClassPlan plan = ClassPlan.OF.get(type);
    if (plan.kind <= Kind.LAST_LEAF) return putLeaf(v, plan, out);
    if (depth >= MAX_DEPTH) return false;
    depth++;
    boolean done = putNode(v, plan, out);
    depth--;
    return done;
  }

  private boolean putLeaf(Object v, ClassPlan plan, Output out) {
    switch (plan.kind) {
      case Kind.BOOLEAN -> out.putByte((Boolean) v ? Tag.TRUE : Tag.FALSE);
      case Kind.BYTE -> out.putTagged(Tag.BYTE, (Byte) v);
      case Kind.SHORT -> out.putTagged(Tag.SHORT, (Short) v);
      case Kind.CHAR -> out.putTagged(Tag.CHAR, (Character) v);
      case Kind.INT -> out.putTagged(Tag.INT, (Integer) v);
      case Kind.LONG -> out.putTagged(Tag.LONG, (Long) v);
      case Kind.FLOAT -> {
        out.putByte(Tag.FLOAT);
        out.putInt(Float.floatToRawIntBits((Float) v));
      }
      case Kind.DOUBLE -> {
        out.putByte(Tag.DOUBLE);
        out.putLong(Double.doubleToRawLongBits((Double) v));
      }
      case Kind.BIG_INTEGER -> {
        if (((BigInteger) v).bitLength() > LONG_NUMBER) return false;
        out.putByte(Tag.BIG_INTEGER);
        Leaves.write((BigInteger) v, out);
      }
      case Kind.BIG_DECIMAL -> {
        BigInteger unscaled = ((BigDecimal) v).unscaledValue();
        if (unscaled.bitLength() > LONG_NUMBER) return false;
        out.putTagged(Tag.BIG_DECIMAL, ((BigDecimal) v).scale());
        Leaves.write(unscaled, out);
      }
      case Kind.ENUM -> {
        out.putByte(Tag.ENUM);
        putClass(plan, out);
        out.putVarLong(((Enum<?>) v).ordinal());
      }
      case Kind.OTHER -> {
        return false;
      }
      default -> Leaves.writeTime(v, plan.kind, out);
    }
    return true;
  }

  private boolean putText(String s, Output out) {
    if (s.length() > LONG_TEXT) {
      if (putAgain(s, out)) return true;
      seen.close(seen.add(s));
    }
    Texts.write(s, out);
    return true;
  }

  /** Its number, if it was there before and is complete. */
  private boolean putAgain(Object v, Output out) {
    int number = seen.find(v);
    if (number < 0 || seen.isOpen(number)) return false;
    out.putTagged(Tag.AGAIN, number);
    return true;
  }

  private boolean putNode(Object v, ClassPlan plan, Output out) {
    switch (plan.kind) {
      case Kind.EMPTY -> {
        out.putByte(Tag.EMPTY);
        out.putByte(v instanceof List ? 0 : v instanceof Set ? 1 : 2);
        return true;
      }
      case Kind.OPTIONAL -> {
        out.putByte(Tag.OPTIONAL);
        return put(((Optional<?>) v).orElse(null), out);
      }
      case Kind.RECORD -> {
        if (plan.flat) return putRecord(v, plan, out);
      }
      default -> {}
    }
    int number = seen.find(v);
    if (number >= 0) {
      if (seen.isOpen(number)) return false;
      out.putTagged(Tag.AGAIN, number);
      return true;
    }
    number = seen.add(v);
    boolean done =
        switch (plan.kind) {
          case Kind.RECORD -> putRecord(v, plan, out);
          case Kind.LAMBDA -> putLambda(v, plan, out);
          case Kind.PRIMITIVES -> {
            int code = Bulk.number(plan.type);
            out.putByte(Tag.PRIMITIVES);
            out.putByte(code);
            Bulk.write(v, code, out);
            yield true;
          }
          case Kind.OBJECTS -> putObjects((Object[]) v, number, out);
          case Kind.HASH_MAP, Kind.LINKED_HASH_MAP, Kind.TREE_MAP, Kind.MAP_OF ->
              putMap((Map<?, ?>) v, plan, number, out);
          default -> putCollection((Collection<?>) v, plan, number, out);
        };
    seen.close(number);
    return done;
  }

  private boolean putRecord(Object v, ClassPlan plan, Output out) {
    out.putByte(Tag.RECORD);
    putClass(plan, out);
    for (int i = 0; i < plan.size(); i++) if (!put(plan.component(v, i), out)) return false;
    return true;
  }

  private boolean putLambda(Object v, ClassPlan plan, Output out) {
    SerializedLambda described = putShape(v, plan, Tag.LAMBDA, out);
    if (described == null) return false;
    int count = described.getCapturedArgCount();
    out.putVarLong(count);
    for (int i = 0; i < count; i++) if (!put(described.getCapturedArg(i), out)) return false;
    return true;
  }

  /** Adds all of a lambda but what it has captured; null if it is not known. */
  static @Nullable SerializedLambda putShape(Object v, ClassPlan plan, int tag, Output out) {
    LambdaPlan lambda = plan.lambda;
    SerializedLambda described = lambda == null ? null : lambda.describe(v);
    if (lambda == null || described == null) return null;
    byte[] shape = lambda.shape(described);
    out.putByte(tag);
    out.putInt(lambda.hash());
    out.putVarLong(shape.length);
    out.putBytes(shape);
    return described;
  }

  private boolean putObjects(Object[] a, int number, Output out) {
    Class<?> component = a.getClass().getComponentType();
    int code = Components.number(component);
    out.putByte(Tag.OBJECTS);
    out.putByte(code);
    if (code == Components.DEFINED) {
      ClassPlan plan = ClassPlan.OF.get(component);
      if (plan.type != component || plan.kind != Kind.RECORD && plan.kind != Kind.ENUM)
        return false;
      putClass(plan, out);
    }
    seen.close(number);
    out.putVarLong(a.length);
    for (Object e : a) if (!put(e, out)) return false;
    return true;
  }

  private boolean putCollection(Collection<?> c, ClassPlan plan, int number, Output out) {
    switch (plan.kind) {
      case Kind.LIST_OF, Kind.SET_OF -> {}
      case Kind.TREE_SET -> {
        if (((SortedSet<?>) c).comparator() != null) return false;
        seen.close(number);
      }
      default -> seen.close(number);
    }
    int count = c.size();
    out.putByte(Tag.COLLECTION);
    out.putByte(plan.kind);
    out.putVarLong(count);
    int written = 0;
    for (Object e : c) {
      if (!put(e, out)) return false;
      written++;
    }
    if (written != count) throw new ConcurrentModificationException(changed(c));
    return true;
  }

  private boolean putMap(Map<?, ?> m, ClassPlan plan, int number, Output out) {
    switch (plan.kind) {
      case Kind.MAP_OF -> {}
      case Kind.TREE_MAP -> {
        if (((SortedMap<?, ?>) m).comparator() != null) return false;
        seen.close(number);
      }
      case Kind.LINKED_HASH_MAP -> {
        if (ordersByAccess((LinkedHashMap<?, ?>) m)) return false;
        seen.close(number);
      }
      default -> seen.close(number);
    }
    int count = m.size();
    out.putByte(Tag.MAP);
    out.putByte(plan.kind);
    out.putVarLong(count);
    int written = 0;
    for (Map.Entry<?, ?> e : m.entrySet()) {
      if (!put(e.getKey(), out) || !put(e.getValue(), out)) return false;
      written++;
    }
    if (written != count) throw new ConcurrentModificationException(changed(m));
    return true;
  }

  private static String changed(Object o) {
    return "a " + o.getClass().getName() + " was changed while it was being sent";
  }

  /** Nothing tells but what a copy of it does. */
  @SuppressWarnings("unchecked")
  private static boolean ordersByAccess(LinkedHashMap<?, ?> m) {
    var copy = (LinkedHashMap<Object, Object>) m.clone();
    copy.clear();
    copy.put(1, 1);
    copy.put(2, 2);
    boolean unused = copy.get(1) == null;
    return copy.firstEntry().getKey().equals(2);
  }

  private void putClass(ClassPlan plan, Output out) {
    for (int i = classCount - 1; i >= 0; i--) {
      if (classes[i] == plan) {
        out.putVarLong(i + 1);
        return;
      }
    }
    if (classCount < CLASSES) classes[classCount++] = plan;
    out.putVarLong(0);
    out.putInt(plan.hash);
    out.putVarLong(plan.definition.length);
    out.putBytes(plan.definition);
  }
}
