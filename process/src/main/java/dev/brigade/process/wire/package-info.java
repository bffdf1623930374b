/** What travels between the processes, as bytes. */
@NullMarked
package dev.brigade.process.wire;

import org.jspecify.annotations.NullMarked;
