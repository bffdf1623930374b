/** What Brigade tells the tools that check programs. */
package dev.brigade.annotation;
