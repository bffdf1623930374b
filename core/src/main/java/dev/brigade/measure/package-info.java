/**
 * What threads do with their time, read from outside while they work, and what that says of the
 * work. Knows nothing of tasks; not exported.
 */
package dev.brigade.measure;
