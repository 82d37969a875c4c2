package dev.kindling.cli;

import java.util.concurrent.Callable;

/**
 * A command that says what is wrong with its command line before Spark starts: submit.sh asks in a JVM that has nothing of
 * Spark in it, and so in half a second. What only Spark can tell, the command itself says later.
 */
interface Checked extends Callable<Integer> {
    /**
     * Refuses options that are out of range or do not go together.
     *
     * @throws picocli.CommandLine.ParameterException naming the option
     */
    default void checkOptions() {}

    /**
     * Refuses paths at which this machine has not what is read, or has what must not be replaced.
     *
     * @throws dev.kindling.error.KindlingException naming the path
     */
    default void checkPaths() {}
}
