/** What is drawn and written: bars, timelines, progress, JSON, and what the terminal can show. */
@NullMarked
package dev.brigade.cli.terminal;

import org.jspecify.annotations.NullMarked;
