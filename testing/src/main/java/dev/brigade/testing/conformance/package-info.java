/**
 * What every engine is held to, clause by clause, whoever wrote it: extend {@link
 * dev.brigade.testing.conformance.EngineConformance}.
 */
@NullMarked
package dev.brigade.testing.conformance;

import org.jspecify.annotations.NullMarked;
