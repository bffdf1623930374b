/** Servers whose best concurrency is known, and runs of many tasks against them. */
@org.jspecify.annotations.NullMarked
package dev.brigade.testing.simulation;
