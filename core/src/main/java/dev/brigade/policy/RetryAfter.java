package dev.brigade.policy;

import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * A failure, or a result, that says when to come back. A {@link Retry} then waits at least that
 * long instead of its back-off. For those of other people's classes there is {@link
 * Retry#withRetryAfter}.
 *
 * {@snippet :
 * class TooBusyException extends IOException implements RetryAfter {
 *   private final Duration after;
 *
 *   TooBusyException(String retryAfterHeader) {
 *     after = RetryAfter.parse(retryAfterHeader);
 *   }
 *
 *   @Override
 *   public Duration retryAfter() {
 *     return after;
 *   }
 * }
 * }
 */
@FunctionalInterface
public interface RetryAfter {

  /** How long to stay away, counted from now; null if it does not say. */
  @Nullable Duration retryAfter();

  /** As {@link #parse(String, InstantSource)}, on the machine's own clock. */
  static @Nullable Duration parse(@Nullable String header) {
    return parse(header, InstantSource.system());
  }

  /**
   * Reads the text of an HTTP {@code Retry-After} header (RFC 9110, 10.2.3). Never throws.
   *
   * <table>
   * <caption>What comes of it</caption>
   * <tr><th>Text</th><th>Gives</th><th>A retry then waits</th></tr>
   * <tr><td>{@code 120}</td><td>2 minutes</td><td>2 minutes, or up to a tenth more</td></tr>
   * <tr><td>{@code 1.5}</td><td>1.5 seconds: not in the standard, but meant</td><td>so long</td></tr>
   * <tr><td>{@code 0}, {@code 000}</td><td>zero</td><td>its own back-off</td></tr>
   * <tr><td>a date to come, in any of the three forms: {@code Sun, 06 Nov 1994 08:49:37 GMT},
   *     {@code Sunday, 06-Nov-94 08:49:37 GMT}, {@code Sun Nov  6 08:49:37 1994}</td>
   *     <td>how long until then; two digits of a year mean the nearest such year</td>
   *     <td>so long</td></tr>
   * <tr><td>a date in the past</td><td>zero</td><td>its own back-off</td></tr>
   * <tr><td>{@code 99999999999999999999}, the year 9999</td><td>so long, 292 billion years at
   *     most</td><td>not: {@link RetryAfterTooLongException}</td></tr>
   * <tr><td>null, empty, blanks, {@code -5}, {@code +5}, {@code 5s}, {@code 5, 10}, digits other
   *     than 0 to 9, {@code Thu, 31 Feb 2026 …}, anything else</td><td>null</td>
   *     <td>its own back-off</td></tr>
   * </table>
   *
   * @param header the text, without the name; null if there was none
   * @param wall what the time of day is, for dates
   * @return not negative; null if the text says nothing that can be understood
   */
  static @Nullable Duration parse(@Nullable String header, InstantSource wall) {
    return RetryAfterText.parse(header, wall);
  }
}
