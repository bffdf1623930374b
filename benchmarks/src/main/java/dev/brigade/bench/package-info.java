/**
 * Side-by-side benchmarks: one package for each name of {@code ./bench}, and here the harness they
 * share.
 */
@NullMarked
package dev.brigade.bench;

import org.jspecify.annotations.NullMarked;
