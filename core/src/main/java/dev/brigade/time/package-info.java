/** The one source of time that everything in the library waits on. */
package dev.brigade.time;
