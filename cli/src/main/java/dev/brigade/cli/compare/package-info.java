/**
 * The comparison: kinds of work, the ways of running them, measuring, and reporting what came out.
 */
@NullMarked
package dev.brigade.cli.compare;

import org.jspecify.annotations.NullMarked;
