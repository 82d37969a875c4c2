/** The commands. Imports everything; nothing imports it. */
package dev.kindling.cli;
