/** What went wrong, in one line, whatever text from outside is in it. Imports the JDK alone, so that every other package may use it. */
package dev.kindling.error;
