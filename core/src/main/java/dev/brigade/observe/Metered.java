package dev.brigade.observe;

/** Something that counts what it does and can be read at any time: a policy, a pool. */
public interface Metered {
  /** Its figures now; must not block for long. */
  Reading reading();
}
