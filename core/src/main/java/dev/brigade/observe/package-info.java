/** What can be seen of running work: events as they happen, and snapshots of what is alive. */
package dev.brigade.observe;
