package dev.brigade.races;

/** Who was first, as far as the library told. */
enum Ending {
  /** The body: its own value or exception came out. */
  COMPLETED,
  /** The deadline or cancellation: it came out instead of the body's exception. */
  CLAIMED,
  /** The deadline or cancellation, but the body returned a value all the same. */
  OVERRAN
}
