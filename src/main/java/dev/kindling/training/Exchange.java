package dev.kindling.training;

/** How the executors are given an order, and how their sums come back. The loop of {@link Trainer} cannot tell. */
interface Exchange extends AutoCloseable {
    /**
     * The sums over all blocks of a batch. They have the same bits whichever way they came.
     *
     * @throws RuntimeException that Spark throws when a job fails
     */
    ShardSums sums(Order order);

    /** Gives back what it holds of the executors. */
    @Override
    void close();
}
