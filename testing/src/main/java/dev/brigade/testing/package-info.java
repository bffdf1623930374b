/** Virtual clock, leak checks and conformance suites. */
@NullMarked
package dev.brigade.testing;

import org.jspecify.annotations.NullMarked;
