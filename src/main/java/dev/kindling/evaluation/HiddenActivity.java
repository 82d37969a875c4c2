package dev.kindling.evaluation;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import dev.kindling.data.LabelledRows;
import dev.kindling.data.PackedRows;
import dev.kindling.network.Architecture;
import dev.kindling.network.Block;
import dev.kindling.network.Network;
import dev.kindling.storage.Model;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/**
 * On how many rows of a data set each hidden unit is above zero.
 *
 * @param active shape (hidden units), layer after layer
 * @param rows all rows of the data set
 */
@DefaultSerializer(JavaSerializer.class)
public record HiddenActivity(long[] active, long rows) implements Serializable {
    /**
     * Counts, in one Spark job.
     *
     * @throws dev.kindling.error.KindlingException if the rows do not fit the model
     */
    public static HiddenActivity of(Model model, LabelledRows rows) {
        Counter counter = new Counter(model.architecture(), model.parameters());
        HiddenActivity activity = RowBlocks.mapPartitions(
                        rows, model.architecture(), (partition, blocks) -> counter.count(blocks, each -> each.block()))
                .reduce(HiddenActivity::plus);
        rows.requireAll(activity.rows);
        return activity;
    }

    /** The same of rows that are packed already. */
    public static HiddenActivity of(Model model, PackedRows rows) {
        Counter counter = new Counter(model.architecture(), model.parameters());
        return rows.blocks()
                .mapPartitions(blocks -> counter.count(blocks, each -> each._2))
                .reduce(HiddenActivity::plus);
    }

    /** What each task does. */
    private record Counter(Architecture architecture, float[] parameters) implements Serializable {
        <T> Iterator<HiddenActivity> count(Iterator<T> all, Function<T, Block> block) {
            Network network = new Network(architecture, parameters, PackedRows.BLOCK_ROWS);
            long[] active = new long[architecture.hiddenUnits()];
            long seen = 0;
            while (all.hasNext()) {
                Block rows = block.apply(all.next());
                network.predict(rows);
                network.addActive(active);
                seen += rows.rows();
            }
            return List.of(new HiddenActivity(active, seen)).iterator();
        }
    }

    private HiddenActivity plus(HiddenActivity other) {
        long[] sum = active.clone();
        for (int u = 0; u < sum.length; u++) {
            sum[u] += other.active[u];
        }
        return new HiddenActivity(sum, rows + other.rows);
    }

    /** Whether a unit is zero on every row. */
    public boolean isDead(int unit) {
        return active[unit] == 0;
    }

    /** The share of rows on which a unit is above zero, 0 to 1. */
    public double share(int unit) {
        return (double) active[unit] / rows;
    }
}
