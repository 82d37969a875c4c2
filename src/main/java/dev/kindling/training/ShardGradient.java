package dev.kindling.training;

import dev.kindling.KindlingException;
import dev.kindling.data.PackedRows;
import dev.kindling.network.Architecture;
import dev.kindling.network.Blas;
import dev.kindling.network.Block;
import dev.kindling.network.Network;
import java.io.Serializable;
import java.util.BitSet;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.util.DoubleAccumulator;
import org.apache.spark.util.LongAccumulator;
import scala.Tuple2;
import scala.collection.Iterator;
import scala.collection.Iterator$;
import scala.runtime.AbstractFunction1;

/**
 * What {@code mapPartitions} does with a shard of the data in one step: folds the blocks of the batch that lie in it into
 * one {@link GradientSum}, and gives its bytes. A shard without any gives a zero.
 *
 * <p>A class that is a Scala function rather than a lambda, because for a lambda Spark searches class files for what it
 * captures, on the driver, at every step.
 */
final class ShardGradient extends AbstractFunction1<Iterator<Tuple2<Integer, Block>>, Iterator<byte[]>>
        implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Architecture architecture;
    private final float[] parameters;
    private final BitSet batch;
    private final LongAccumulator rows;
    private final DoubleAccumulator loss;
    /** The BLAS of the driver. */
    private final String blas = Blas.name();

    /**
     * What the tasks of one step need.
     *
     * @param parameters the flat array
     * @param batch the numbers of the blocks to read
     * @param rows shows the rows read on Spark's stage page
     * @param loss the same for the summed loss, in nats
     */
    ShardGradient(
            Architecture architecture, float[] parameters, BitSet batch, LongAccumulator rows, DoubleAccumulator loss) {
        this.architecture = architecture;
        this.parameters = parameters;
        this.batch = batch;
        this.rows = rows;
        this.loss = loss;
    }

    /** A sum of this step without any rows. */
    GradientSum zero() {
        return zero(architecture, batch.cardinality());
    }

    /** Adds two sums of this step; it carries no parameters with it. */
    Function2<byte[], byte[], byte[]> adding() {
        Architecture network = architecture;
        int blocks = batch.cardinality();
        return (left, right) -> zero(network, blocks).add(left).add(right).toBytes();
    }

    private static GradientSum zero(Architecture architecture, int blocks) {
        return new GradientSum(architecture, (long) blocks * PackedRows.BLOCK_ROWS);
    }

    @Override
    public Iterator<byte[]> apply(Iterator<Tuple2<Integer, Block>> blocks) {
        if (!blas.equals(Blas.name())) {
            throw new KindlingException("found " + Blas.name() + " on "
                    + SparkEnv.get().blockManager().blockManagerId().host() + ", expected " + blas
                    + " as on the driver: install the same on all machines, or the result depends on which did what");
        }
        GradientSum sum = zero();
        Network network = new Network(architecture, parameters, PackedRows.BLOCK_ROWS);
        float[] blockGradient = new float[architecture.parameters()];
        while (blocks.hasNext()) {
            Tuple2<Integer, Block> numbered = blocks.next();
            if (batch.get(numbered._1)) {
                network.gradient(numbered._2, blockGradient);
                sum.add(network, numbered._2, blockGradient);
            }
        }
        rows.add(sum.rows());
        loss.add(sum.totalLoss());
        return Iterator$.MODULE$.single(sum.toBytes());
    }
}
