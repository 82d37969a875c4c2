package dev.kindling.cli;

import org.apache.spark.sql.SparkSession;

/** What the commands need of the world around them. */
final class Sessions {
    private Sessions() {}

    /** The Spark session of a command; the master is spark-submit's business. */
    static SparkSession open(String command) {
        return SparkSession.builder()
                .appName("kindling " + command)
                // Records and immutable lists travel between processes, which Spark's Kryo cannot do.
                .config("spark.serializer", "org.apache.spark.serializer.JavaSerializer")
                .getOrCreate();
    }

    /** Whether stdout is a terminal: Java cannot tell on every version, so submit.sh does. */
    static boolean isTerminal() {
        return System.getenv("KINDLING_TERMINAL") != null;
    }
}
