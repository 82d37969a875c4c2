package dev.kindling.training;

import dev.kindling.data.PackedRows;
import dev.kindling.network.Architecture;
import dev.kindling.network.Block;
import dev.kindling.network.Network;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.DoubleAccumulator;
import org.apache.spark.util.LongAccumulator;
import scala.Tuple2;

/**
 * What {@code mapPartitions} does with a shard of the data in one step: folds the blocks of the batch that lie in it
 * into one {@link GradientSum}. A shard without any gives a zero.
 *
 * @param parameters the flat array
 * @param batch the numbers of the blocks to read
 * @param rows shows the rows read on Spark's stage page
 * @param loss the same for the summed loss, in nats
 */
record ShardGradient(
        Architecture architecture,
        Broadcast<float[]> parameters,
        BitSet batch,
        LongAccumulator rows,
        DoubleAccumulator loss)
        implements FlatMapFunction<Iterator<Tuple2<Integer, Block>>, GradientSum> {

    @Override
    public Iterator<GradientSum> call(Iterator<Tuple2<Integer, Block>> blocks) {
        GradientSum sum = new GradientSum(architecture, (long) batch.cardinality() * PackedRows.BLOCK_ROWS);
        Network network = new Network(architecture, PackedRows.BLOCK_ROWS);
        float[] blockGradient = new float[architecture.parameters()];
        while (blocks.hasNext()) {
            Tuple2<Integer, Block> numbered = blocks.next();
            if (batch.get(numbered._1)) {
                network.gradient(parameters.value(), numbered._2, blockGradient);
                sum.add(architecture, network, numbered._2, blockGradient);
            }
        }
        rows.add(sum.rows());
        loss.add(sum.loss());
        return List.of(sum).iterator();
    }
}
