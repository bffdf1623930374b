/** The {@code brigade} program, one file for each command. */
@NullMarked
package dev.brigade.cli;

import org.jspecify.annotations.NullMarked;
