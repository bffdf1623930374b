/** Tasks and scopes. */
@NullMarked
package dev.brigade.task;

import org.jspecify.annotations.NullMarked;
