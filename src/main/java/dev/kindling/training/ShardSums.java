package dev.kindling.training;

import dev.kindling.data.PackedRows;
import dev.kindling.network.Architecture;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the tasks of a step return: a sum for each of the runs that are trained side by side, and the time of each
 * partition.
 */
final class ShardSums {
    /** Partition, rows, seconds. */
    private static final int COST_BYTES = Integer.BYTES + Long.BYTES + Double.BYTES;

    private final GradientSum[] runs;
    private final List<PartitionCost> costs = new ArrayList<>();
    private double longestTask;
    private double jobSeconds;

    /**
     * Sums without any rows.
     *
     * @param runs how many
     * @param blocks of the batch
     */
    ShardSums(Architecture architecture, int runs, Pass pass, int blocks) {
        this.runs = Stream.generate(() -> new GradientSum(architecture, pass, (long) blocks * PackedRows.BLOCK_ROWS))
                .limit(runs)
                .toArray(GradientSum[]::new);
    }

    GradientSum run(int k) {
        return runs[k];
    }

    /** The time of each partition that had rows of the batch. */
    List<PartitionCost> costs() {
        return costs;
    }

    /** The seconds of the task that computed longest. */
    double longestTask() {
        return longestTask;
    }

    /** The seconds of the Spark job that computed the sums. */
    double jobSeconds() {
        return jobSeconds;
    }

    void took(double seconds) {
        jobSeconds = seconds;
    }

    /** Adds the time of a partition of this task. */
    void add(PartitionCost cost) {
        costs.add(cost);
        longestTask += cost.seconds();
    }

    /** The sums and times, for {@link #add(byte[][])}. */
    byte[][] toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES + costs.size() * COST_BYTES);
        bytes.putDouble(longestTask);
        for (PartitionCost cost : costs) {
            bytes.putInt(cost.partition()).putLong(cost.rows()).putDouble(cost.seconds());
        }
        byte[][] all = new byte[runs.length + 1][];
        for (int run = 0; run < runs.length; run++) {
            all[run] = runs[run].toBytes();
        }
        all[runs.length] = bytes.array();
        return all;
    }

    /**
     * Adds those of another task.
     *
     * @return this
     */
    ShardSums add(byte[][] other) {
        for (int run = 0; run < runs.length; run++) {
            runs[run].add(other[run]);
        }
        ByteBuffer bytes = ByteBuffer.wrap(other[runs.length]);
        longestTask = Math.max(longestTask, bytes.getDouble());
        while (bytes.hasRemaining()) {
            costs.add(new PartitionCost(bytes.getInt(), bytes.getLong(), bytes.getDouble()));
        }
        return this;
    }
}
