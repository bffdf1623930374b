/** One runnable main for each recipe. */
@NullMarked
package dev.brigade.examples;

import org.jspecify.annotations.NullMarked;
