package dev.brigade.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Fails a test that leaves something running: a thread, virtual or not, that it started, an open
 * scope, or an abandoned task. The failure shows the stack of each thread left. Put it on a test
 * class or method; on a class it checks each test of it, after its {@code @AfterEach} methods.
 *
 * <p>Threads that are about to end are waited for, up to five seconds, or what the JUnit
 * configuration parameter {@code brigade.leaks.patience.millis} says. Threads of the JDK, of the
 * shared engines and of clocks are nobody's leak. What is not seen: virtual threads started by hand
 * while the JVM runs with {@code -Djdk.trackAllThreads=false}.
 *
 * <p>For tests that run one after the other: it takes every thread started meanwhile as the test's.
 * Cost: one thread dump for each test, a few milliseconds.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(LeakExtension.class)
public @interface LeakChecked {}
