package dev.kindling.training;

import dev.kindling.KindlingException;
import dev.kindling.data.PackedRows;
import dev.kindling.network.Architecture;
import dev.kindling.network.Blas;
import dev.kindling.network.Block;
import dev.kindling.network.Network;
import java.io.Serializable;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.Stream;
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
 * <p>A class that is a Scala function rather than a lambda, because for a lambda Spark searches class files for what it
 * captures, on the driver, at every step.
 */
final class ShardGradient extends AbstractFunction1<Iterator<Tuple2<Integer, Block>>, Iterator<byte[][]>>
        implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Architecture architecture;
    /** For each run the flat array. */
    private final float[][] parameters;

    private final BitSet batch;
    private final LongAccumulator rows;
    private final DoubleAccumulator loss;
    /** The BLAS of the driver. */
    private final String blas = Blas.name();

    /**
     * What the tasks of one step need.
     *
     * @param parameters for each run the flat array
     * @param batch the numbers of the blocks to read
     * @param rows shows on Spark's stage page how many rows were gone through, in all runs together
     * @param loss the same for their summed loss, in nats
     */
    ShardGradient(
            Architecture architecture,
            float[][] parameters,
            BitSet batch,
            LongAccumulator rows,
            DoubleAccumulator loss) {
        this.architecture = architecture;
        this.parameters = parameters;
        this.batch = batch;
        this.rows = rows;
        this.loss = loss;
    }

    /** For each run a sum of this step without any rows. */
    GradientSum[] zeros() {
        return zeros(architecture, parameters.length, batch.cardinality());
    }

    /** Adds the sums of a step to others of it, run by run; it carries no parameters with it. */
    Function2<byte[][], byte[][], byte[][]> adding() {
        Architecture network = architecture;
        int runs = parameters.length;
        int blocks = batch.cardinality();
        return (left, right) -> {
            GradientSum[] sums = zeros(network, runs, blocks);
            add(left, sums);
            add(right, sums);
            return toBytes(sums);
        };
    }

    /** Adds sums, run by run, to others of the same step. */
    static void add(byte[][] sums, GradientSum[] totals) {
        for (int run = 0; run < totals.length; run++) {
            totals[run].add(sums[run]);
        }
    }

    private static byte[][] toBytes(GradientSum[] sums) {
        return Arrays.stream(sums).map(GradientSum::toBytes).toArray(byte[][]::new);
    }

    private static GradientSum[] zeros(Architecture architecture, int runs, int blocks) {
        return Stream.generate(() -> new GradientSum(architecture, (long) blocks * PackedRows.BLOCK_ROWS))
                .limit(runs)
                .toArray(GradientSum[]::new);
    }

    @Override
    public Iterator<byte[][]> apply(Iterator<Tuple2<Integer, Block>> blocks) {
        if (!blas.equals(Blas.name())) {
            throw new KindlingException("found " + Blas.name() + " on "
                    + SparkEnv.get().blockManager().blockManagerId().host() + ", expected " + blas
                    + " as on the driver: install the same on all machines, or the result depends on which did what");
        }
        GradientSum[] sums = zeros();
        Network[] networks = Arrays.stream(parameters)
                .map(flat -> new Network(architecture, flat, PackedRows.BLOCK_ROWS))
                .toArray(Network[]::new);
        float[] blockGradient = new float[architecture.parameters()];
        while (blocks.hasNext()) {
            Tuple2<Integer, Block> numbered = blocks.next();
            if (batch.get(numbered._1)) {
                for (int run = 0; run < sums.length; run++) {
                    networks[run].gradient(numbered._2, blockGradient);
                    sums[run].add(networks[run], numbered._2, blockGradient);
                }
            }
        }
        for (GradientSum sum : sums) {
            rows.add(sum.rows());
            loss.add(sum.totalLoss());
        }
        return Iterator$.MODULE$.single(toBytes(sums));
    }
}
