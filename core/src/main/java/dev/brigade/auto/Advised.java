package dev.brigade.auto;

/** A result that carries the advice of the fan-out that made it; see {@link Advice#of}. */
public interface Advised {
  /** The advice. */
  Advice advice();
}
