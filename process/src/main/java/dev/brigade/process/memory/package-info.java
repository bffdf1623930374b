/** Memory that several processes map. */
@NullMarked
package dev.brigade.process.memory;

import org.jspecify.annotations.NullMarked;
