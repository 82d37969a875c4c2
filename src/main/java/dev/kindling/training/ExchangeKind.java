package dev.kindling.training;

import dev.kindling.data.PackedRows;
import dev.kindling.network.Architecture;

/** How orders go to the executors and sums come back. It changes the time of a run, and no bit of its result. */
public enum ExchangeKind {
    /** With a Spark job for each step. */
    JOB {
        @Override
        Exchange open(PackedRows data, Architecture architecture) {
            return new JobExchange(data, architecture);
        }
    },
    /** In rounds: a Spark job of many steps, whose tasks ask the driver for one order after the other. */
    ROUND {
        @Override
        Exchange open(PackedRows data, Architecture architecture) {
            return new RoundExchange(data, architecture);
        }
    };

    /** What is taken where nothing is said. */
    public static final ExchangeKind DEFAULT = ROUND;

    /**
     * Opens an exchange.
     *
     * @param data what the executors hold
     * @param architecture of the runs
     */
    abstract Exchange open(PackedRows data, Architecture architecture);
}
