package dev.brigade.process.wire;

import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.StreamCorruptedException;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/*
 * Reads what GraphWriter wrote, or refuses it: the bytes may be anything.
 *
 * Invariants.
 *  R1 Nothing is allocated that the rest of the message can't fill. Each element takes a byte at
 *     least, so all elements that are still to come, of all arrays and collections that are open, are
 *     together (owed) at most as many as bytes are left.
 *  R2 Objects are numbered as the writer numbers them: when they begin. A number that is not complete
 *     is refused.
 *  R3 Work for hashing is bounded. What hashing a value costs is known (cost: 1 and the costs of its
 *     parts, where a part that comes again costs as much again); all that is hashed together costs at
 *     most HASH_WORK for each byte of the message. So sets in sets whose parts are shared, which would
 *     be hashed for years, are refused.
 *  R4 Levels are bounded as in the writer.
 *  R5 Every class passes the gate before anything of it is run.
 */
/** Reads values in the compact format. */
final class GraphReader {
  private static final int KEPT = 4096;
  private static final int HASH_WORK = 64;
  private static final long FREE_WORK = 100_000;
  private static final Object UNFINISHED = new Object();

  private final Classes classes;
  private final Gate gate;
  private final Lambdas lambdas;
  private final Known<ClassPlan> plans = new Known<>();
  private final ArrayList<ClassPlan> local = new ArrayList<>();
  private @Nullable Object[] objects = new @Nullable Object[16];
  private long[] costs = new long[16];
  private int count;
  private int depth;
  private long owed;
  private long references;
  private int begin;
  private boolean open = true;

  /** What hashing the value that was read last would cost. */
  private long cost;

  private long hashWork;

  GraphReader(Classes classes, Gate gate, Lambdas lambdas) {
    this.classes = classes;
    this.gate = gate;
    this.lambdas = lambdas;
  }

  /** The value that begins with this tag, which has been read. */
  @Nullable Object read(int tag, Input in) throws IOException, ClassNotFoundException {
    begin = in.position();
    gate.beginCompact(tag < Tag.OPTIONAL);
    open = gate.open();
    hashWork = FREE_WORK + (long) HASH_WORK * in.remaining();
    try {
      return get(tag, in);
    } finally {
      clear();
    }
  }

  private void clear() {
    depth = 0;
    owed = 0;
    references = 0;
    if (count == 0 && local.isEmpty()) return;
    if (objects.length > KEPT) {
      objects = new @Nullable Object[16];
      costs = new long[16];
    } else {
      Arrays.fill(objects, 0, count, null);
    }
    local.clear();
    count = 0;
  }

  private @Nullable Object next(Input in) throws IOException, ClassNotFoundException {
    return get(in.getByte(), in);
  }

  private @Nullable Object get(int tag, Input in) throws IOException, ClassNotFoundException {
    cost = 1;
    return switch (tag) {
      case Tag.INT -> leaf(integer(in), in);
      case Tag.LATIN -> text(Texts.readLatin(in));
      case Tag.WIDE -> text(Texts.readWide(in));
      case Tag.NULL -> null;
      case Tag.FALSE -> leaf(false, in);
      case Tag.TRUE -> leaf(true, in);
      case Tag.BYTE -> leaf((byte) small(in, Byte.MIN_VALUE, Byte.MAX_VALUE), in);
      case Tag.SHORT -> leaf((short) small(in, Short.MIN_VALUE, Short.MAX_VALUE), in);
      case Tag.CHAR -> leaf((char) small(in, 0, Character.MAX_VALUE), in);
      case Tag.LONG -> leaf(in.getVarLong(), in);
      case Tag.FLOAT -> leaf(Float.intBitsToFloat(in.getInt()), in);
      case Tag.DOUBLE -> leaf(Double.longBitsToDouble(in.getLong()), in);
      case Tag.BIG_INTEGER -> leaf(Leaves.readInteger(in), in);
      case Tag.BIG_DECIMAL -> {
        int scale = integer(in);
        BigInteger unscaled = Leaves.readInteger(in);
        yield leaf(new BigDecimal(unscaled, scale), in);
      }
      case Tag.ENUM -> constant(in);
      case Tag.AGAIN -> again(in);
      case Tag.EMPTY -> leaf(Containers.empty(in.getByte()), in);
      default -> tag < Tag.OPTIONAL ? leaf(Leaves.readTime(tag, in), in) : node(tag, in);
    };
  }

  private static int small(Input in, int least, int most) throws IOException {
    long v = in.getVarLong();
    if (v < least || v > most) throw new InvalidObjectException("no such number here: " + v);
    return (int) v;
  }

  private Object leaf(Object v, Input in) throws IOException {
    if (!open) check(v.getClass(), -1, in);
    return v;
  }

  private void check(@Nullable Class<?> type, long length, Input in) throws IOException {
    gate.check(type, length, depth + 1, ++references, in.position() - begin);
  }

  private String text(String s) {
    if (s.length() > GraphWriter.LONG_TEXT) finish(begin(), s, 1);
    return s;
  }

  private Object constant(Input in) throws IOException, ClassNotFoundException {
    ClassPlan plan = plan(in);
    if (plan.kind != Kind.ENUM) throw new InvalidObjectException(plan.type + " is no enum");
    if (!open) check(plan.type, -1, in);
    return plan.constant(in.getVarLong());
  }

  private Object again(Input in) throws IOException {
    long number = in.getVarLong();
    if (number < 0 || number >= count)
      throw new InvalidObjectException("object " + number + " of " + count);
    Object o = objects[(int) number];
    if (o == null || o == UNFINISHED)
      throw new InvalidObjectException("object " + number + " is not complete");
    if (!open) check(null, -1, in);
    cost = costs[(int) number];
    return o;
  }

  // ---- numbers

  private int begin() {
    if (count == objects.length) {
      objects = Arrays.copyOf(objects, count * 2);
      costs = Arrays.copyOf(costs, count * 2);
    }
    objects[count] = UNFINISHED;
    return count++;
  }

  private void finish(int number, Object o, long itsCost) {
    objects[number] = o;
    costs[number] = itsCost;
    cost = itsCost;
  }

  private static long sum(long a, long b) {
    long s = a + b;
    return s < 0 ? Long.MAX_VALUE : s;
  }

  /** So many elements will come, as far as the message can hold them. */
  private int elements(Input in, int each) throws IOException {
    long n = in.getVarLong();
    if (n < 0 || n > Integer.MAX_VALUE - 8 || n * each > in.remaining() - owed)
      throw new InvalidObjectException(n + " elements with " + in.remaining() + " bytes left");
    owed += n * each;
    return (int) n;
  }

  private @Nullable Object element(Input in) throws IOException, ClassNotFoundException {
    owed--;
    int tag = in.getByte();
    if (tag != Tag.INT || !open) return get(tag, in);
    // The commonest, on the shortest way.
    cost = 1;
    return integer(in);
  }

  /** What follows {@link Tag#INT}. */
  static int integer(Input in) throws IOException {
    return small(in, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  private void hash(long itsCost) throws IOException {
    hashWork -= Math.min(itsCost, Long.MAX_VALUE >> 1);
    if (hashWork < 0)
      throw new InvalidObjectException("collections whose hash codes take too long to compute");
  }

  // ---- what has parts

  private @Nullable Object node(int tag, Input in) throws IOException, ClassNotFoundException {
    if (++depth > GraphWriter.MAX_DEPTH)
      throw new InvalidObjectException("more than " + GraphWriter.MAX_DEPTH + " levels deep");
    Object o =
        switch (tag) {
          case Tag.OPTIONAL -> Optional.ofNullable(next(in));
          case Tag.RECORD -> record(in);
          case Tag.LAMBDA -> lambda(in);
          case Tag.PRIMITIVES -> primitives(in);
          case Tag.OBJECTS -> objects(in);
          case Tag.COLLECTION -> collection(in);
          case Tag.MAP -> map(in);
          default -> throw new StreamCorruptedException("no value begins with " + tag);
        };
    depth--;
    return o;
  }

  private Object record(Input in) throws IOException, ClassNotFoundException {
    ClassPlan plan = plan(in);
    if (plan.kind != Kind.RECORD) throw new InvalidObjectException(plan.type + " is no record");
    if (!open) check(plan.type, -1, in);
    int number = plan.flat ? -1 : begin();
    var values = new @Nullable Object[plan.size()];
    long total = 1;
    for (int i = 0; i < values.length; i++) {
      values[i] = next(in);
      total = sum(total, cost);
    }
    Object made = plan.make(values);
    if (number >= 0) finish(number, made, total);
    cost = total;
    return made;
  }

  /** The class that the next bytes name. */
  private ClassPlan plan(Input in) throws IOException, ClassNotFoundException {
    long index = in.getVarLong();
    if (index != 0) {
      if (index < 0 || index > local.size()) throw new StreamCorruptedException("class " + index);
      return local.get((int) index - 1);
    }
    int hash = in.getInt();
    int size = in.getCount();
    int from = in.skip(size);
    ClassPlan plan = plans.find(hash, in.array(), from, from + size);
    if (plan == null) {
      byte[] definition = Arrays.copyOfRange(in.array(), from, from + size);
      plan = ClassPlan.resolve(definition, classes, gate);
      plans.add(hash, definition, plan);
    }
    if (local.size() < GraphWriter.CLASSES) local.add(plan);
    return plan;
  }

  private Object lambda(Input in) throws IOException, ClassNotFoundException {
    int number = begin();
    LambdaShape shape = shape(in);
    int n = elements(in, 1);
    var captured = new @Nullable Object[n];
    long total = 1;
    for (int i = 0; i < n; i++) {
      captured[i] = element(in);
      total = sum(total, cost);
    }
    Object made = lambdas.make(shape, captured);
    finish(number, made, total);
    return made;
  }

  /** What {@link GraphWriter#putShape} wrote after the tag. */
  LambdaShape shape(Input in) throws IOException, ClassNotFoundException {
    int hash = in.getInt();
    int size = in.getCount();
    int from = in.skip(size);
    return lambdas.shape(hash, in.array(), from, from + size);
  }

  private Object primitives(Input in) throws IOException {
    int number = begin();
    int code = in.getByte();
    Class<?> type = Bulk.type(code);
    int n = in.getCount();
    if (!open) check(type, n, in);
    Object array = Bulk.read(code, n, in);
    finish(number, array, 1);
    return array;
  }

  private Object objects(Input in) throws IOException, ClassNotFoundException {
    int number = begin();
    int code = in.getByte();
    Class<?> component = code == Components.DEFINED ? plan(in).type : Components.type(code);
    int n = elements(in, 1);
    if (!open) check(component.arrayType(), n, in);
    Object[] array = (Object[]) Array.newInstance(component, n);
    finish(number, array, 1);
    // An array is hashed by its identity.
    for (int i = 0; i < n; i++) {
      Object e = element(in);
      if (e != null && !component.isInstance(e))
        throw new InvalidObjectException(
            "a " + e.getClass().getName() + " in an array of " + component.getName());
      array[i] = e;
    }
    cost = 1;
    return array;
  }

  private Object collection(Input in) throws IOException, ClassNotFoundException {
    int number = begin();
    int kind = in.getByte();
    int n = elements(in, 1);
    switch (kind) {
      case Kind.LIST_OF, Kind.SET_OF -> {
        if (!open) check(kind == Kind.LIST_OF ? List.of().getClass() : Set.of().getClass(), n, in);
        var values = new @Nullable Object[n];
        long total = 1;
        for (int i = 0; i < n; i++) {
          values[i] = element(in);
          total = sum(total, cost);
          if (kind == Kind.SET_OF) hash(cost);
        }
        Object made = kind == Kind.LIST_OF ? Containers.listOf(values) : Containers.setOf(values);
        finish(number, made, total);
        return made;
      }
      default -> {
        Collection<@Nullable Object> c = Containers.collection(kind, n);
        if (!open) check(c.getClass(), n, in);
        fill(c, n, number, in);
        return c;
      }
    }
  }

  private void fill(Collection<@Nullable Object> c, int n, int number, Input in)
      throws IOException, ClassNotFoundException {
    boolean hashed = c instanceof Set;
    // Whoever refers to it from inside will hash what is there by then.
    finish(number, c, 1);
    long total = 1;
    for (int i = 0; i < n; i++) {
      Object e = element(in);
      total = sum(total, cost);
      costs[number] = total;
      if (hashed) hash(cost);
      c.add(e);
    }
    cost = total;
  }

  private Object map(Input in) throws IOException, ClassNotFoundException {
    int number = begin();
    int kind = in.getByte();
    int n = elements(in, 2);
    Map<@Nullable Object, @Nullable Object> m = Containers.map(kind, n);
    boolean immutable = kind == Kind.MAP_OF;
    if (!open) check(immutable ? Map.of().getClass() : m.getClass(), n, in);
    if (!immutable) finish(number, m, 1);
    long total = 1;
    for (int i = 0; i < n; i++) {
      Object key = element(in);
      hash(cost);
      total = sum(total, cost);
      Object value = element(in);
      total = sum(total, cost);
      costs[number] = total;
      m.put(key, value);
    }
    Object made = immutable ? Containers.mapOf(m) : m;
    if (immutable) hash(total);
    finish(number, made, total);
    return made;
  }
}
