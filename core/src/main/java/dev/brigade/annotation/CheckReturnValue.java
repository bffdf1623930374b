package dev.brigade.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method whose result must not be dropped, or a type all of whose methods are such: choices
 * that return a copy, results that have a form without one beside them, failures that would get
 * lost, and what must be closed or given back.
 *
 * <p>For checkers that go by the simple name: Error Prone makes a dropped result an error. Where it
 * is meant, {@code var _ =} says so. Nothing depends on it at run time.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface CheckReturnValue {}
