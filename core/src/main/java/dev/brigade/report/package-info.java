/** What has been observed, drawn for people: recordings of events, and pages made of them. */
package dev.brigade.report;
