package dev.kindling.training;

import dev.kindling.network.Architecture;
import dev.kindling.network.Blas;
import dev.kindling.network.Block;
import java.io.Serializable;
import java.util.BitSet;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.DoubleAccumulator;
import org.apache.spark.util.LongAccumulator;
import scala.Tuple2;
import scala.collection.Iterator;
import scala.collection.Iterator$;
import scala.runtime.AbstractFunction1;

/**
 * What {@code mapPartitions} does with a shard of the data, which is the partitions of one task, in one step: folds the
 * blocks of the batch that lie in it into one {@link GradientSum} for each of the runs that are trained side by side, and
 * gives their bytes. A shard without any block of the batch gives zeros.
 *
 * <p>It is a class that is a Scala function, not a lambda: for a lambda Spark searches class files for what it
 * captures, on the driver, at every step.
 */
final class ShardGradient extends AbstractFunction1<Iterator<Tuple2<Integer, Block>>, Iterator<byte[]>>
        implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Architecture architecture;
    /** For each run the flat array; null where they are {@link #large}. */
    private final float[][] parameters;
    /** The same where they are too large to go with the task; else null. */
    private final Broadcast<float[][]> large;

    private final int runs;

    private final Pass pass;
    private final BitSet batch = new BitSet();
    private final int blocks;
    private final Partitioner partitioner;
    private final LongAccumulator rows;
    private final DoubleAccumulator loss;
    /** The BLAS of the driver. */
    private final String blas = Blas.name();

    /**
     * What the tasks of one step need.
     *
     * @param order what is asked for
     * @param large its parameters as a broadcast, or null where they are to go with the task
     * @param partitioner says which partition a block lies in
     * @param rows shows on Spark's stage page how many rows were gone through, in all runs together
     * @param loss shows their summed loss there too
     */
    ShardGradient(
            Architecture architecture,
            Order order,
            Broadcast<float[][]> large,
            Partitioner partitioner,
            LongAccumulator rows,
            DoubleAccumulator loss) {
        this.architecture = architecture;
        this.parameters = large == null ? order.parameters() : null;
        this.large = large;
        this.runs = order.parameters().length;
        this.pass = order.pass();
        this.blocks = order.blocks().length;
        this.partitioner = partitioner;
        this.rows = rows;
        this.loss = loss;
        for (int block : order.blocks()) {
            batch.set(block);
        }
    }

    /** Adds the sums of a shard to those of another; it carries no parameters with it. */
    Function2<byte[], byte[], byte[]> adding() {
        Architecture network = architecture;
        int ofStep = runs;
        Pass what = pass;
        int ofBatch = blocks;
        return (left, right) -> new ShardSums(network, ofStep, what, ofBatch)
                .add(left)
                .add(right)
                .toBytes();
    }

    @Override
    public Iterator<byte[]> apply(Iterator<Tuple2<Integer, Block>> numberedBlocks) {
        GradientFold.requireBlas(blas);
        GradientFold fold = new GradientFold(architecture);
        fold.begin(pass, large == null ? parameters : large.value(), blocks);
        while (numberedBlocks.hasNext()) {
            Tuple2<Integer, Block> numbered = numberedBlocks.next();
            if (batch.get(numbered._1)) {
                fold.add(partitioner.getPartition(numbered._1), numbered._2);
            }
        }
        ShardSums sums = fold.sums();
        rows.add(sums.rows());
        loss.add(sums.totalLoss());
        return Iterator$.MODULE$.single(sums.toBytes());
    }
}
