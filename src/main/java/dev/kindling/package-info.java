/** The one exception that every package throws for what a user can put right. Imports nothing. */
package dev.kindling;
