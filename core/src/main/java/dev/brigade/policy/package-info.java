/** The rules under which work runs. */
package dev.brigade.policy;
