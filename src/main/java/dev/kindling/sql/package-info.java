/**
 * Models as functions of SQL. Imports the library, the names and types of columns, the store of models, and Spark with the extension
 * points of its SQL. Nothing imports it.
 */
package dev.kindling.sql;
