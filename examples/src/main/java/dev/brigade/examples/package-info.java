/**
 * One runnable main for each recipe: {@code ./brigade example NAME}, or the {@code main} of its
 * class.
 *
 * <p>How to read an example: the methods at the top are the recipe, to be copied; where the guides'
 * own way is slower or wrong, it stands beside it. {@code show} runs both, and {@code check} says
 * what must be measured; tests put the wrong way to the same check and see it fail. To add one:
 * write its class, and give it a row in {@link dev.brigade.examples.Examples}.
 *
 * <p>What the recipes run on: {@code Waits} (calls that wait), {@code Squares} (work that
 * computes), {@code LoopbackServer} and {@code SilentServer}. What is measured comes from {@code
 * Timeline}, who was busy together with whom; {@code Meeting} makes that independent of the speed
 * of the machine.
 */
@NullMarked
package dev.brigade.examples;

import org.jspecify.annotations.NullMarked;
