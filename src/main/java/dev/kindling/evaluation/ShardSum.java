package dev.kindling.evaluation;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import dev.kindling.data.PackedRows;
import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.Block;
import dev.kindling.network.ExactSum;
import dev.kindling.network.Network;
import dev.kindling.storage.Model;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import scala.Tuple2;

/**
 * The gradient of one parameter, summed over one shard of the training set. It shows how the shards' sums make the mean
 * of a step of full-batch gradient descent.
 *
 * @param rows how many rows the shard has
 * @param gradients one number: the gradient of the loss of each row, summed over the rows
 */
@DefaultSerializer(JavaSerializer.class)
public record ShardSum(long rows, ExactSum gradients) implements Serializable {
    /**
     * Each shard's sum, in one Spark job.
     *
     * @param parameter where it is in the flat array
     * @return one for each partition, in their order
     */
    public static List<ShardSum> of(Model model, PackedRows data, int parameter) {
        Architecture architecture = model.architecture();
        float[] parameters = model.parameters();
        long rows = data.rows();
        return data.blocks()
                .mapPartitions(blocks -> List.of(sum(architecture, parameters, rows, parameter, blocks))
                        .iterator())
                .collect();
    }

    private static ShardSum sum(
            Architecture architecture,
            float[] parameters,
            long allRows,
            int parameter,
            Iterator<Tuple2<Integer, Block>> blocks) {
        Network network = new Network(architecture, parameters, PackedRows.BLOCK_ROWS);
        float[] gradient = new float[architecture.parameters()];
        ExactSum gradients = new ExactSum(1, allRows);
        long rows = 0;
        while (blocks.hasNext()) {
            Block block = blocks.next()._2;
            network.gradient(block, gradient);
            if (gradients.add(new float[] {gradient[parameter]}, block.rows()) >= 0) {
                throw new KindlingException("found a gradient of " + gradient[parameter] + " over " + block.rows()
                        + " rows, expected a mean below " + ExactSum.LIMIT + ": the model's weights or the"
                        + " features of its data are too large");
            }
            rows += block.rows();
        }
        return new ShardSum(rows, gradients);
    }

    /**
     * All shards' sums, added up as the driver does.
     *
     * @param shards at least one
     */
    public static ShardSum total(List<ShardSum> shards) {
        long rows = shards.stream().mapToLong(ShardSum::rows).sum();
        ExactSum gradients = new ExactSum(1, rows);
        shards.forEach(shard -> gradients.add(shard.gradients));
        return new ShardSum(rows, gradients);
    }

    /** The gradients, summed. */
    public double sum() {
        return gradients.sum(0);
    }

    /** The gradients, summed, divided by the rows. */
    public double mean() {
        return gradients.mean((double) rows)[0];
    }
}
