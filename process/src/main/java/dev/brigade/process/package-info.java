/** Pools of worker JVMs, single workers with messages, and arrays in shared memory. */
@NullMarked
package dev.brigade.process;

import org.jspecify.annotations.NullMarked;
