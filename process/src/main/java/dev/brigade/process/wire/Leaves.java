package dev.brigade.process.wire;

import java.io.IOException;
import java.io.InvalidObjectException;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;

/** Values of the JDK that can't change. */
final class Leaves {
  private Leaves() {}

  static void write(BigInteger v, Output out) {
    byte[] bytes = v.toByteArray();
    out.putVarLong(bytes.length);
    out.putBytes(bytes);
  }

  static BigInteger readInteger(Input in) throws IOException {
    int count = in.getCount();
    if (count == 0) throw new InvalidObjectException("a BigInteger of no bytes");
    int from = in.skip(count);
    return new BigInteger(in.array(), from, count);
  }

  static void writeTime(Object v, int kind, Output out) {
    switch (kind) {
      case Kind.UUID -> {
        out.putByte(Tag.UUID);
        out.putLong(((UUID) v).getMostSignificantBits());
        out.putLong(((UUID) v).getLeastSignificantBits());
      }
      case Kind.INSTANT -> {
        out.putTagged(Tag.INSTANT, ((Instant) v).getEpochSecond());
        out.putInt(((Instant) v).getNano());
      }
      case Kind.DURATION -> {
        out.putTagged(Tag.DURATION, ((Duration) v).toSeconds());
        out.putInt(((Duration) v).getNano());
      }
      case Kind.LOCAL_DATE -> out.putTagged(Tag.LOCAL_DATE, ((LocalDate) v).toEpochDay());
      case Kind.LOCAL_TIME -> out.putTagged(Tag.LOCAL_TIME, ((LocalTime) v).toNanoOfDay());
      case Kind.LOCAL_DATE_TIME -> {
        out.putByte(Tag.LOCAL_DATE_TIME);
        write((LocalDateTime) v, out);
      }
      case Kind.OFFSET_DATE_TIME -> {
        var t = (OffsetDateTime) v;
        out.putTagged(Tag.OFFSET_DATE_TIME, t.getOffset().getTotalSeconds());
        write(t.toLocalDateTime(), out);
      }
      default -> throw new IllegalArgumentException("no leaf: " + v.getClass());
    }
  }

  private static void write(LocalDateTime v, Output out) {
    out.putVarLong(v.toLocalDate().toEpochDay());
    out.putVarLong(v.toLocalTime().toNanoOfDay());
  }

  static Object readTime(int tag, Input in) throws IOException {
    try {
      return switch (tag) {
        case Tag.UUID -> new UUID(in.getLong(), in.getLong());
        case Tag.INSTANT -> Instant.ofEpochSecond(in.getVarLong(), nanos(in));
        case Tag.DURATION -> Duration.ofSeconds(in.getVarLong(), nanos(in));
        case Tag.LOCAL_DATE -> LocalDate.ofEpochDay(in.getVarLong());
        case Tag.LOCAL_TIME -> LocalTime.ofNanoOfDay(in.getVarLong());
        case Tag.LOCAL_DATE_TIME -> readDateTime(in);
        case Tag.OFFSET_DATE_TIME -> {
          ZoneOffset offset = ZoneOffset.ofTotalSeconds(Math.toIntExact(in.getVarLong()));
          yield OffsetDateTime.of(readDateTime(in), offset);
        }
        default -> throw new IOException("no value begins with " + tag);
      };
    } catch (DateTimeException | ArithmeticException e) {
      var refused = new InvalidObjectException("no such time: " + e.getMessage());
      refused.initCause(e);
      throw refused;
    }
  }

  private static LocalDateTime readDateTime(Input in) throws IOException {
    LocalDate date = LocalDate.ofEpochDay(in.getVarLong());
    return LocalDateTime.of(date, LocalTime.ofNanoOfDay(in.getVarLong()));
  }

  private static int nanos(Input in) throws IOException {
    int nanos = in.getInt();
    if (nanos < 0 || nanos > 999_999_999) throw new InvalidObjectException("nanos of " + nanos);
    return nanos;
  }
}
