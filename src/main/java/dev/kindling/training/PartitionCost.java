package dev.kindling.training;

/**
 * The time that a partition's blocks took.
 *
 * @param partition its number
 * @param rows how many rows of the batch lay in it
 * @param seconds of computing, reading from the cache included
 */
public record PartitionCost(int partition, long rows, double seconds) {
    /** The same partition's cost in two steps together. */
    public PartitionCost plus(PartitionCost other) {
        return new PartitionCost(partition, rows + other.rows, seconds + other.seconds);
    }
}
