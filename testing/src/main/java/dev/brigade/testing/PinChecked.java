package dev.brigade.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Fails a test during which a virtual thread blocked while it was pinned to its carrier, and so
 * took a core away from all others. The failure shows the stack of each. Put it on a test class or
 * method.
 *
 * <p>For tests that run one after the other: it sees the whole JVM. Cost: a flight recording of
 * this one event for each test, some tens of milliseconds, and more for the first.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(PinExtension.class)
public @interface PinChecked {
  /** How long it must have been pinned to count; by default as long as the JDK reports. */
  long atLeastMillis() default 20;
}
