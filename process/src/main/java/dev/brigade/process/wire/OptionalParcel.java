package dev.brigade.process.wire;

import java.io.Serial;
import java.io.Serializable;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** In the JDK's format, in place of an Optional, which is not serialisable. */
@SuppressWarnings("serial") // as above, anything
final class OptionalParcel implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private final @Nullable Object value;

  OptionalParcel(Optional<?> optional) {
    this.value = optional.orElse(null);
  }

  @Serial
  private Object readResolve() {
    return Optional.ofNullable(value);
  }
}
