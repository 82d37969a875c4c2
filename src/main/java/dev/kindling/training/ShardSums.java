package dev.kindling.training;

import dev.kindling.data.PackedRows;
import dev.kindling.network.Architecture;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What comes back from the tasks of a step: a sum for each of the runs that are trained side by side, and the time of each
 * partition.
 */
final class ShardSums {
    /** Partition, rows, seconds. */
    private static final int COST_BYTES = Integer.BYTES + Long.BYTES + Double.BYTES;
    /** Tasks, seconds of all of them, seconds of the longest. */
    private static final int COUNT_BYTES = Integer.BYTES + 2 * Double.BYTES;

    private final GradientSum[] runs;
    private final List<PartitionCost> costs = new ArrayList<>();
    private int tasks;
    /** Of all tasks together, in seconds. */
    private double computing;

    private double longestTask;
    private double seconds;

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

    /** The seconds that the whole exchange took. */
    double seconds() {
        return seconds;
    }

    void took(double exchangeSeconds) {
        seconds = exchangeSeconds;
    }

    /**
     * Where the time of a step with these sums went.
     *
     * @param validationSeconds of the evaluation after it
     * @param stepSeconds of all of it
     */
    StepCost cost(double validationSeconds, double stepSeconds) {
        double waiting = longestTask - computing / tasks;
        return new StepCost(longestTask, waiting, seconds, validationSeconds, stepSeconds, costs);
    }

    /** The rows of all runs together. */
    long rows() {
        return Arrays.stream(runs).mapToLong(GradientSum::rows).sum();
    }

    /** The loss of all runs, summed over the rows. */
    double totalLoss() {
        return Arrays.stream(runs).mapToDouble(GradientSum::totalLoss).sum();
    }

    /** Adds the times of the partitions of a task. */
    void addTask(List<PartitionCost> partitions) {
        double task = partitions.stream().mapToDouble(PartitionCost::seconds).sum();
        tasks++;
        computing += task;
        longestTask = Math.max(longestTask, task);
        costs.addAll(partitions);
    }

    /** The sums and times, for {@link #add(byte[])}: first the gradients of all runs, and then the rest, which is short. */
    byte[] toBytes() {
        byte[] all = new byte[Math.toIntExact(bytes())];
        int end = 0;
        for (GradientSum run : runs) {
            end = run.writeGradient(all, end);
        }
        for (GradientSum run : runs) {
            end = run.writeCounts(all, end);
        }
        ByteBuffer bytes = littleEndian(all, end);
        bytes.putInt(tasks).putDouble(computing).putDouble(longestTask);
        for (PartitionCost cost : costs) {
            bytes.putInt(cost.partition()).putLong(cost.rows()).putDouble(cost.seconds());
        }
        return all;
    }

    /** How many bytes {@link #toBytes} gives. */
    long bytes() {
        return bytesOfSums() + COUNT_BYTES + (long) costs.size() * COST_BYTES;
    }

    /** With how many of these bytes the gradients end. */
    long bytesOfGradients() {
        return (long) runs.length * runs[0].gradientLength() * Long.BYTES;
    }

    private long bytesOfSums() {
        return bytesOfGradients()
                + Arrays.stream(runs).mapToLong(GradientSum::bytesOfCounts).sum();
    }

    /** Whether sums like these, with the times of any number of partitions, can have so many bytes. */
    boolean fits(int bytes) {
        long times = bytes - bytesOfSums() - COUNT_BYTES;
        return times >= 0 && times % COST_BYTES == 0;
    }

    /**
     * Adds those of other tasks.
     *
     * @param other as {@link #toBytes} gives them
     * @return this
     */
    ShardSums add(byte[] other) {
        int gradients = Math.toIntExact(bytesOfGradients());
        addGradients(other, 0, gradients);
        addRest(other, gradients);
        return this;
    }

    /**
     * Adds a piece of the gradients of other tasks.
     *
     * @param piece begins with bytes that {@link #toBytes} gives
     * @param offset which of these is the first, from 0: a multiple of {@value Long#BYTES}
     * @param length how many of them to add, a multiple of {@value Long#BYTES}
     */
    void addGradients(byte[] piece, int offset, int length) {
        int each = runs[0].gradientLength();
        int count;
        for (int at = 0; at < length; at += count * Long.BYTES) {
            int number = (offset + at) / Long.BYTES;
            int first = number % each;
            count = Math.min(each - first, (length - at) / Long.BYTES);
            runs[number / each].addGradient(piece, at, first, count);
        }
    }

    /**
     * Adds what comes after the gradients.
     *
     * @param at where in the array it begins; it goes on to the end
     */
    void addRest(byte[] from, int at) {
        int end = at;
        for (GradientSum run : runs) {
            end = run.addCounts(from, end);
        }
        ByteBuffer bytes = littleEndian(from, end);
        tasks += bytes.getInt();
        computing += bytes.getDouble();
        longestTask = Math.max(longestTask, bytes.getDouble());
        while (bytes.hasRemaining()) {
            costs.add(new PartitionCost(bytes.getInt(), bytes.getLong(), bytes.getDouble()));
        }
    }

    /** Adds those of another task. */
    void add(ShardSums other) {
        for (int run = 0; run < runs.length; run++) {
            runs[run].add(other.runs[run]);
        }
        tasks += other.tasks;
        computing += other.computing;
        longestTask = Math.max(longestTask, other.longestTask);
        costs.addAll(other.costs);
    }

    private static ByteBuffer littleEndian(byte[] bytes, int from) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(from);
    }
}
