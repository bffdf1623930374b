package dev.brigade.task;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Why something was cancelled. The first reason wins and is what exceptions, outcomes and snapshots
 * show.
 *
 * @param kind who or what asked for it
 * @param message for people
 * @param cause the failure behind it, if there is one
 */
public record CancelReason(Kind kind, String message, @Nullable Throwable cause) {

  /** Who or what asked for a cancellation. */
  public enum Kind {
    /** The program, by {@code cancel}. */
    REQUESTED,
    /** A deadline passed. */
    DEADLINE,
    /** A task of the same scope failed. */
    SIBLING_FAILED,
    /** The body of the scope failed. */
    BODY_FAILED,
    /** The result was decided without it: another branch won. */
    DECIDED,
    /** The scope's other work had ended: daemons end with it. */
    SCOPE_ENDED,
    /** The thread that waited for it was interrupted from outside. */
    INTERRUPTED,
    /** What it is part of was cancelled. */
    OUTER
  }

  /** Checks that kind and message are there. */
  public CancelReason {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(message, "message");
  }

  /** The same, as what is part of the cancelled sees it. */
  CancelReason passedOn() {
    return kind == Kind.OUTER ? this : new CancelReason(Kind.OUTER, message, cause);
  }

  /** A program's own reason. */
  static CancelReason requested(String message) {
    return new CancelReason(Kind.REQUESTED, Objects.requireNonNull(message, "reason"), null);
  }

  @Override
  public String toString() {
    return message;
  }
}
