package dev.brigade.process;

/**
 * What a running task says of how far it is.
 *
 * @param pid of its worker
 * @param fraction 0 to 1
 * @param note a short text, possibly empty
 */
public record Progress(long pid, double fraction, String note) {}
