package dev.brigade.process.wire;

import java.io.IOException;
import java.io.InvalidClassException;
import java.io.InvalidObjectException;
import java.io.Serializable;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/*
 * A plan hangs on its class (ClassValue), so it lives as long as the class and keeps no other class
 * loader alive. A record's values are those of its fields, as in the JDK's format, and not what its
 * accessors say; it is made by its canonical constructor. A record is compact only if the JDK would
 * do nothing else with it: it is Serializable, has no writeReplace and no readResolve, and its
 * package lets us in.
 *
 * A definition is what travels of a class: its name, and a check of what the layout depends on
 * (component names and types, names of constants), so that two versions of a class are found out and
 * never mixed up.
 */
/** How objects of one class are written and read. */
final class ClassPlan {
  private static final Map<Class<?>, Integer> KINDS = kinds();

  static final ClassValue<ClassPlan> OF =
      new ClassValue<>() {
        @Override
        protected ClassPlan computeValue(Class<?> type) {
          try {
            return new ClassPlan(type, KINDS.getOrDefault(type, Kind.OTHER));
          } catch (LinkageError e) {
            // One of its parts is missing: the JDK's stream may do without, or says so.
            return new ClassPlan(Object.class, Kind.OTHER);
          }
        }
      };

  final Class<?> type;
  final int kind;

  /** A record that holds nothing but leaves, by its declaration. */
  final boolean flat;

  /** Of enums and records. */
  final byte[] definition;

  final int hash;

  private final Field[] components;
  private final @Nullable Constructor<?> maker;
  private final Object[] constants;

  /** Of the functions made at one place. */
  final @Nullable LambdaPlan lambda;

  private ClassPlan(Class<?> made, int known) {
    Class<?> t = made;
    int k = known;
    boolean onlyLeaves = false;
    Field[] fields = {};
    Object[] values = {};
    Constructor<?> constructor = null;
    LambdaPlan plan = null;
    if (k == Kind.OTHER) {
      if (t.isArray()) {
        k = Bulk.number(t) >= 0 ? Kind.PRIMITIVES : Kind.OBJECTS;
      } else if (Enum.class.isAssignableFrom(t) && t != Enum.class) {
        if (!t.isEnum()) t = t.getSuperclass();
        values = t.getEnumConstants();
        k = t.isHidden() ? Kind.OTHER : Kind.ENUM;
      } else if (t.isRecord() && !t.isHidden() && plainlySerializable(t)) {
        fields = fields(t);
        constructor = constructor(t);
        if (constructor != null && fields.length == t.getRecordComponents().length) {
          k = Kind.RECORD;
          onlyLeaves = allLeaves(fields);
        }
      } else if (t.isHidden() && Serializable.class.isAssignableFrom(t)) {
        plan = LambdaPlan.of(t);
        if (plan != null) k = Kind.LAMBDA;
      }
    }
    type = t;
    kind = k;
    flat = onlyLeaves;
    components = fields;
    constants = values;
    maker = constructor;
    lambda = plan;
    definition = k == Kind.ENUM || k == Kind.RECORD ? definition() : new byte[0];
    hash = Known.hash(definition);
  }

  private static Map<Class<?>, Integer> kinds() {
    var k = new HashMap<Class<?>, Integer>(128);
    k.put(Boolean.class, Kind.BOOLEAN);
    k.put(Byte.class, Kind.BYTE);
    k.put(Short.class, Kind.SHORT);
    k.put(Character.class, Kind.CHAR);
    k.put(Integer.class, Kind.INT);
    k.put(Long.class, Kind.LONG);
    k.put(Float.class, Kind.FLOAT);
    k.put(Double.class, Kind.DOUBLE);
    k.put(String.class, Kind.STRING);
    k.put(BigInteger.class, Kind.BIG_INTEGER);
    k.put(BigDecimal.class, Kind.BIG_DECIMAL);
    k.put(UUID.class, Kind.UUID);
    k.put(Instant.class, Kind.INSTANT);
    k.put(Duration.class, Kind.DURATION);
    k.put(LocalDate.class, Kind.LOCAL_DATE);
    k.put(LocalTime.class, Kind.LOCAL_TIME);
    k.put(LocalDateTime.class, Kind.LOCAL_DATE_TIME);
    k.put(OffsetDateTime.class, Kind.OFFSET_DATE_TIME);
    k.put(Optional.class, Kind.OPTIONAL);
    k.put(ArrayList.class, Kind.ARRAY_LIST);
    k.put(LinkedList.class, Kind.LINKED_LIST);
    k.put(ArrayDeque.class, Kind.ARRAY_DEQUE);
    k.put(HashSet.class, Kind.HASH_SET);
    k.put(LinkedHashSet.class, Kind.LINKED_HASH_SET);
    k.put(TreeSet.class, Kind.TREE_SET);
    k.put(List.of().getClass(), Kind.LIST_OF);
    k.put(List.of(1).getClass(), Kind.LIST_OF);
    k.put(Set.of().getClass(), Kind.SET_OF);
    k.put(Set.of(1).getClass(), Kind.SET_OF);
    k.put(HashMap.class, Kind.HASH_MAP);
    k.put(LinkedHashMap.class, Kind.LINKED_HASH_MAP);
    k.put(TreeMap.class, Kind.TREE_MAP);
    k.put(Map.of().getClass(), Kind.MAP_OF);
    k.put(Map.of(1, 1).getClass(), Kind.MAP_OF);
    k.put(Collections.emptyList().getClass(), Kind.EMPTY);
    k.put(Collections.emptySet().getClass(), Kind.EMPTY);
    k.put(Collections.emptyMap().getClass(), Kind.EMPTY);
    return k;
  }

  private static boolean plainlySerializable(Class<?> t) {
    if (!Serializable.class.isAssignableFrom(t)) return false;
    for (String special : new String[] {"writeReplace", "readResolve"}) {
      try {
        if (t.getDeclaredMethod(special) != null) return false;
      } catch (NoSuchMethodException e) {
        continue;
      } catch (LinkageError e) {
        return false;
      }
    }
    return true;
  }

  private static Field[] fields(Class<?> record) {
    RecordComponent[] components = record.getRecordComponents();
    var fields = new Field[components.length];
    try {
      for (int i = 0; i < fields.length; i++) {
        fields[i] = record.getDeclaredField(components[i].getName());
        fields[i].setAccessible(true);
      }
      return fields;
    } catch (NoSuchFieldException | InaccessibleObjectException | LinkageError e) {
      return new Field[0];
    }
  }

  private static @Nullable Constructor<?> constructor(Class<?> record) {
    RecordComponent[] components = record.getRecordComponents();
    var types = new Class<?>[components.length];
    for (int i = 0; i < types.length; i++) types[i] = components[i].getType();
    try {
      Constructor<?> c = record.getDeclaredConstructor(types);
      c.setAccessible(true);
      return c;
    } catch (NoSuchMethodException | InaccessibleObjectException | LinkageError e) {
      return null;
    }
  }

  private static boolean allLeaves(Field[] fields) {
    for (Field f : fields) {
      Class<?> t = f.getType();
      if (t.isPrimitive() || t.isEnum()) continue;
      int k = KINDS.getOrDefault(t, Kind.OTHER);
      if (k == Kind.OTHER || k > Kind.LAST_LEAF) return false;
    }
    return true;
  }

  private byte[] definition() {
    var layout = new StringBuilder();
    layout.append(kind).append(flat);
    for (Field f : components) layout.append(f.getName()).append(':').append(f.getType().getName());
    for (Object c : constants) layout.append(((Enum<?>) c).name()).append(',');
    int check = layout.toString().hashCode();
    var out = new Output(64);
    out.putInt(check);
    out.putBytes(type.getName().getBytes(StandardCharsets.UTF_8));
    return out.toByteArray();
  }

  /** The class of a definition and how to deal with it. */
  static ClassPlan resolve(byte[] definition, Classes classes, Gate gate)
      throws IOException, ClassNotFoundException {
    if (definition.length < 5) throw new IOException("a class without a name");
    String name = new String(definition, 4, definition.length - 4, StandardCharsets.UTF_8);
    Class<?> found = classes.find(name);
    // Before its plan is made, which initialises an enum.
    if (!found.isEnum() && !found.isRecord())
      throw new InvalidClassException(name, "it is no enum and no record here");
    gate.check(found, -1, 1, 1, definition.length);
    ClassPlan plan = OF.get(found);
    if (plan.kind != Kind.ENUM && plan.kind != Kind.RECORD)
      throw new InvalidClassException(name, "it is no enum and no serialisable record here");
    if (!java.util.Arrays.equals(plan.definition, definition))
      throw new InvalidClassException(name, "it has other components or constants here");
    return plan;
  }

  int size() {
    return components.length;
  }

  @Nullable Object component(Object record, int index) {
    try {
      return components[index].get(record);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A record by its canonical constructor. */
  Object make(@Nullable Object[] values) throws IOException {
    if (maker == null) throw new InvalidClassException(type.getName(), "it is no record");
    try {
      return maker.newInstance(values);
    } catch (InvocationTargetException e) {
      var refused =
          new InvalidObjectException(
              "the constructor of " + type.getName() + " threw " + e.getCause());
      refused.initCause(e.getCause());
      throw refused;
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      var refused = new InvalidObjectException("no " + type.getName() + " of these values: " + e);
      refused.initCause(e);
      throw refused;
    }
  }

  Object constant(long ordinal) throws IOException {
    if (ordinal < 0 || ordinal >= constants.length)
      throw new InvalidObjectException("no constant " + ordinal + " in " + type.getName());
    return constants[(int) ordinal];
  }
}
