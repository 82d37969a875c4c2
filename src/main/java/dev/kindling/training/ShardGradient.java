package dev.kindling.training;

import dev.kindling.data.PackedRows;
import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.Blas;
import dev.kindling.network.Block;
import dev.kindling.network.Network;
import java.io.Serializable;
import java.util.Arrays;
import java.util.BitSet;
import org.apache.spark.Partitioner;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.function.Function2;
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
final class ShardGradient extends AbstractFunction1<Iterator<Tuple2<Integer, Block>>, Iterator<byte[][]>>
        implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Architecture architecture;
    /** For each run the flat array. */
    private final float[][] parameters;

    private final Pass pass;
    private final BitSet batch;
    private final Partitioner partitioner;
    private final LongAccumulator rows;
    private final DoubleAccumulator loss;
    /** The BLAS of the driver. */
    private final String blas = Blas.name();

    /**
     * What the tasks of one step need.
     *
     * @param parameters for each run the flat array
     * @param pass what for
     * @param batch the numbers of the blocks to read
     * @param partitioner says which partition a block lies in
     * @param rows shows on Spark's stage page how many rows were gone through, in all runs together
     * @param loss shows their summed loss there too, in nats
     */
    ShardGradient(
            Architecture architecture,
            float[][] parameters,
            Pass pass,
            BitSet batch,
            Partitioner partitioner,
            LongAccumulator rows,
            DoubleAccumulator loss) {
        this.architecture = architecture;
        this.parameters = parameters;
        this.pass = pass;
        this.batch = batch;
        this.partitioner = partitioner;
        this.rows = rows;
        this.loss = loss;
    }

    /** The sums of this step, without any rows. */
    ShardSums zero() {
        return new ShardSums(architecture, parameters.length, pass, batch.cardinality());
    }

    /** Adds the sums of a shard to those of another; it carries no parameters with it. */
    Function2<byte[][], byte[][], byte[][]> adding() {
        Architecture network = architecture;
        int runs = parameters.length;
        Pass what = pass;
        int blocks = batch.cardinality();
        return (left, right) ->
                new ShardSums(network, runs, what, blocks).add(left).add(right).toBytes();
    }

    @Override
    public Iterator<byte[][]> apply(Iterator<Tuple2<Integer, Block>> blocks) {
        if (!blas.equals(Blas.name())) {
            throw new KindlingException("found " + Blas.description() + " on "
                    + SparkEnv.get().blockManager().blockManagerId().host() + ", expected " + blas
                    + " as on the driver, or the result would depend on which machine computes what: install the"
                    + " same on all machines, or use none anywhere, with"
                    + " -Ddev.ludovic.netlib.blas.nativeLibPath=none in the Java options of driver and executors");
        }
        ShardSums sums = zero();
        Network[] networks = Arrays.stream(parameters)
                .map(flat -> new Network(architecture, flat, PackedRows.BLOCK_ROWS))
                .toArray(Network[]::new);
        float[] blockGradient = new float[architecture.parameters()];
        Clock clock = new Clock(sums);
        while (blocks.hasNext()) {
            Tuple2<Integer, Block> numbered = blocks.next();
            if (batch.get(numbered._1)) {
                clock.enter(partitioner.getPartition(numbered._1));
                for (int run = 0; run < networks.length; run++) {
                    add(numbered._2, networks[run], blockGradient, sums.run(run));
                }
                clock.rows += numbered._2.rows();
            }
        }
        clock.stop();
        for (int run = 0; run < networks.length; run++) {
            rows.add(sums.run(run).rows());
            loss.add(sums.run(run).totalLoss());
        }
        return Iterator$.MODULE$.single(sums.toBytes());
    }

    private void add(Block block, Network network, float[] blockGradient, GradientSum sum) {
        if (pass == Pass.STEP) {
            network.gradient(block, blockGradient);
        } else {
            network.evaluate(block);
        }
        sum.add(network, block, blockGradient);
    }

    /** Measures how long a task takes for each of its partitions, whose blocks come one partition after the other. */
    private static final class Clock {
        private final ShardSums sums;
        private int partition = -1;
        private long rows;
        private long since = System.nanoTime();

        Clock(ShardSums sums) {
            this.sums = sums;
        }

        void enter(int next) {
            if (next != partition) {
                stop();
                partition = next;
            }
        }

        void stop() {
            long now = System.nanoTime();
            if (rows > 0) {
                sums.add(new PartitionCost(partition, rows, (now - since) / 1e9));
                since = now;
                rows = 0;
            }
        }
    }
}
