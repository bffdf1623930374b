/** Which engine and how many at once: by measuring somebody's work, or by asking. */
@NullMarked
package dev.brigade.cli.advise;

import org.jspecify.annotations.NullMarked;
