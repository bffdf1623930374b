package dev.brigade.process.wire;

import java.io.NotSerializableException;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/*
 * Design. A function is constant if nothing that hangs on it can change: it has no state, or captured
 * leaves (texts, numbers, times, enums), records and List.of of such, or constant functions. Its bytes are then
 * always the same, and an id stands for them: bytes to id is what is kept, so that two lambdas with
 * the same code and the same captures have one id, whichever loader or evaluation they come from.
 *
 * Ids are for what comes again. A lambda that captured nothing is made once and surely comes again; one
 * with captures may be made anew for each task, so it gets its id when its bytes are seen for the
 * second time. Readers keep what an id stands for as long as the connection lives, so there are at
 * most MAX_IDS ids and MAX_BYTES bytes of them; after that functions travel whole, which is slower
 * and nothing else.
 *
 * Nothing here keeps a function, a class or a loader alive: the bytes refer to none, and functions are
 * remembered by weak references in a table of fixed size. What may change is never remembered.
 *
 * Guards: ids, once, bytes, plainIds, codec, out: the monitor. The table is read without: its entries are immutable,
 * and a stale one says nothing wrong.
 */
/** The sender's functions: those that can't change are serialised once and then named. */
public final class Functions {
  private static final int SLOTS = 1024;
  private static final int MAX_PLAIN_IDS = 8192;
  private static final int MAX_IDS = 10_240;
  private static final long MAX_BYTES = 32L << 20;
  private static final int MAX_ONCE = 1024;

  /** Bigger ones are compared by their bytes only when they have an id. */
  private static final int MAX_ONCE_BYTES = 16 << 10;

  private static final int MAX_DEPTH = 8;
  private static final int MAX_ELEMENTS = 64;

  /**
   * A function as it travels.
   *
   * @param id more than 0 if it is always the same, so that it need be sent only once; else 0
   * @param bytes what {@link Codec#read} makes it of; not to be changed
   */
  public record Reference(long id, byte[] bytes) {}

  private static final class Remembered extends WeakReference<Object> {
    final Reference reference;

    Remembered(Object function, Reference reference) {
      super(function);
      this.reference = reference;
    }
  }

  private static final class Bytes {
    final byte[] content;
    private final int hash;

    Bytes(byte[] content) {
      this.content = content;
      this.hash = Known.hash(content);
    }

    @Override
    public boolean equals(@Nullable Object o) {
      return o instanceof Bytes other && Arrays.equals(content, other.content);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  private final AtomicReferenceArray<@Nullable Remembered> remembered =
      new AtomicReferenceArray<>(SLOTS);
  private final Map<Bytes, Reference> ids = new HashMap<>();
  private final Map<Bytes, Boolean> once =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Bytes, Boolean> eldest) {
          return size() > MAX_ONCE;
        }
      };
  private final Codec codec;
  private final Output out = new Output();
  private long bytes;
  private int plainIds;

  /** With what turns them into bytes, which nobody else uses. */
  public Functions(Codec codec) {
    this.codec = codec;
  }

  /**
   * How to send a function. May be called from any thread.
   *
   * @throws NotSerializableException if it or what it captures can't travel
   */
  public Reference of(Object function) throws NotSerializableException {
    int slot = slot(function);
    Remembered r = remembered.get(slot);
    if (r != null && r.refersTo(function)) return r.reference;
    return encode(function, slot);
  }

  private static int slot(Object function) {
    int h = System.identityHashCode(function) * 0x9E3779B9;
    return (h ^ h >>> 15) & SLOTS - 1;
  }

  private synchronized Reference encode(Object function, int slot) throws NotSerializableException {
    out.truncate(0);
    codec.write(function, out);
    byte[] content = out.toByteArray();
    if (content.length > MAX_ONCE_BYTES) out.shrink();
    int constancy = constancy(function, 0);
    if (constancy == CHANGES) return new Reference(0, content);
    Reference reference = identify(new Bytes(content), constancy == PLAIN);
    if (reference.id != 0) remembered.set(slot, new Remembered(function, reference));
    return reference;
  }

  private Reference identify(Bytes content, boolean plain) {
    Reference known = ids.get(content);
    if (known != null) return known;
    int most = plain ? MAX_PLAIN_IDS : MAX_IDS - MAX_PLAIN_IDS;
    int size = content.content.length;
    boolean room = (plain ? plainIds : ids.size() - plainIds) < most && bytes + size <= MAX_BYTES;
    boolean again = plain || once.remove(content) != null;
    if (!room || !again) {
      if (room && size <= MAX_ONCE_BYTES) once.put(content, true);
      return new Reference(0, content.content);
    }
    if (plain) plainIds++;
    bytes += size;
    var reference = new Reference(ids.size() + 1L, content.content);
    ids.put(content, reference);
    return reference;
  }

  // ---- what can't change

  private static final int CHANGES = 0;

  /** Nothing but values that can't change hangs on it. */
  private static final int FIXED = 1;

  /** Nothing at all hangs on it. */
  private static final int PLAIN = 2;

  private static final ClassValue<Boolean> STATELESS =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          return isStateless(type);
        }
      };

  private static int constancy(@Nullable Object o, int depth) {
    if (o == null) return FIXED;
    if (depth > MAX_DEPTH) return CHANGES;
    ClassPlan plan = ClassPlan.OF.get(o.getClass());
    if (plan.kind == Kind.OTHER) return STATELESS.get(o.getClass()) ? PLAIN : CHANGES;
    if (plan.kind <= Kind.LAST_LEAF) return FIXED;
    int least = PLAIN;
    switch (plan.kind) {
      case Kind.EMPTY -> {}
      case Kind.LIST_OF, Kind.SET_OF -> {
        if (((Collection<?>) o).size() > MAX_ELEMENTS) return CHANGES;
        for (Object e : (Collection<?>) o)
          least = Math.min(least, Math.min(FIXED, constancy(e, depth + 1)));
      }
      case Kind.RECORD -> {
        for (int i = 0; i < plan.size(); i++)
          least = Math.min(least, Math.min(FIXED, constancy(plan.component(o, i), depth + 1)));
      }
      case Kind.LAMBDA -> {
        SerializedLambda s = plan.lambda == null ? null : plan.lambda.describe(o);
        if (s == null) return CHANGES;
        for (int i = 0; i < s.getCapturedArgCount(); i++)
          least = Math.min(least, Math.min(FIXED, constancy(s.getCapturedArg(i), depth + 1)));
      }
      default -> {
        return CHANGES;
      }
    }
    return least;
  }

  /** A class whose instances have no fields, and nothing to say about how they travel. */
  private static boolean isStateless(Class<?> type) {
    if (type.isArray() || !Serializable.class.isAssignableFrom(type)) return false;
    for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
      for (Field f : c.getDeclaredFields()) if (!Modifier.isStatic(f.getModifiers())) return false;
      if (says(c, "writeReplace") || says(c, "readResolve")) return false;
      if (says(c, "writeObject", java.io.ObjectOutputStream.class)) return false;
    }
    return !java.io.Externalizable.class.isAssignableFrom(type);
  }

  private static boolean says(Class<?> type, String method, Class<?>... parameters) {
    try {
      return type.getDeclaredMethod(method, parameters) != null;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }
}
