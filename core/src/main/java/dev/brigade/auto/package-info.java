/**
 * What {@code Tasks.auto()} found out about some work, and what to write instead of it.
 *
 * <p>Begin with {@link dev.brigade.auto.Advice}.
 */
package dev.brigade.auto;
