/** How a worker JVM is started, watched and mourned. */
@NullMarked
package dev.brigade.process.launch;

import org.jspecify.annotations.NullMarked;
