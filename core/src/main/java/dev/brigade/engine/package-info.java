/** Where tasks run: the engines, and what one must do to be one. */
package dev.brigade.engine;
