/** What went wrong, in one line. Imports the JDK alone, so that every other package may use it. */
package dev.kindling.error;
