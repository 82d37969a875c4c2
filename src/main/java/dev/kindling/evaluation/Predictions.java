package dev.kindling.evaluation;

import dev.kindling.data.LabelledRows;
import dev.kindling.data.PackedRows;
import dev.kindling.data.RowDecoder;
import dev.kindling.network.Architecture;
import dev.kindling.network.Block;
import dev.kindling.network.Network;
import dev.kindling.storage.Model;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/** What a model says of every row of a data set, computed by Spark tasks. */
public final class Predictions implements AutoCloseable {
    private static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.LongType, false)
            .add("label", DataTypes.IntegerType, false)
            .add("prediction", DataTypes.IntegerType, false)
            .add("probability", DataTypes.FloatType, false);

    private final JavaRDD<Row> predictions;
    private final LabelledRows rows;
    private final int classes;

    private Predictions(JavaRDD<Row> predictions, LabelledRows rows, int classes) {
        this.predictions = predictions;
        this.rows = rows;
        this.classes = classes;
    }

    /**
     * Predicts a data set; the work is done when a result is first asked for, and kept.
     *
     * @throws dev.kindling.KindlingException if the rows do not fit the model
     */
    public static Predictions of(Model model, LabelledRows rows) {
        Architecture architecture = model.architecture();
        PackedRows.checkFit(rows, architecture);
        RowDecoder decoder = new RowDecoder(rows.source(), rows.count(), architecture);
        float[] parameters = model.parameters();
        JavaRDD<Row> predictions = rows.rows()
                .queryExecution()
                .toRdd()
                .toJavaRDD()
                .mapPartitions(shard -> predict(architecture, parameters, decoder, shard))
                .setName("predictions for " + rows.source())
                .persist(StorageLevel.MEMORY_AND_DISK());
        return new Predictions(predictions, rows, architecture.classes());
    }

    /** Columns id (long), label (int), prediction (int), probability (float, of the prediction). */
    public Dataset<Row> table() {
        return rows.rows().sparkSession().createDataFrame(predictions, SCHEMA);
    }

    /** Counts each pair of label and prediction. */
    public ConfusionMatrix confusionMatrix() {
        long[][] counts = new long[classes][classes];
        Map<Tuple2<Integer, Integer>, Long> cells = predictions
                .map(row -> new Tuple2<>(row.getInt(1), row.getInt(2)))
                .countByValue();
        cells.forEach((cell, count) -> counts[cell._1][cell._2] = count);
        return new ConfusionMatrix(counts);
    }

    /** Frees the executors' memory. */
    @Override
    public void close() {
        predictions.unpersist(false);
    }

    private static Iterator<Row> predict(
            Architecture architecture, float[] parameters, RowDecoder decoder, Iterator<InternalRow> shard) {
        Network network = new Network(architecture, parameters, PackedRows.BLOCK_ROWS);
        return new Iterator<>() {
            private Iterator<Row> ready = List.<Row>of().iterator();

            @Override
            public boolean hasNext() {
                return ready.hasNext() || shard.hasNext();
            }

            @Override
            public Row next() {
                if (!ready.hasNext()) {
                    ready = nextBlock();
                }
                return ready.next();
            }

            private Iterator<Row> nextBlock() {
                List<Long> ids = new ArrayList<>();
                Block.Builder builder = new Block.Builder(architecture.inputs());
                while (shard.hasNext() && builder.rows() < PackedRows.BLOCK_ROWS) {
                    InternalRow row = shard.next();
                    ids.add(decoder.id(row));
                    decoder.addTo(builder, row);
                }
                Block block = builder.build();
                float[] probabilities = network.predict(block);
                List<Row> rows = new ArrayList<>();
                for (int r = 0; r < block.rows(); r++) {
                    int prediction = network.prediction(r);
                    float probability = probabilities[r * architecture.classes() + prediction];
                    rows.add(RowFactory.create(ids.get(r), block.label(r), prediction, probability));
                }
                return rows.iterator();
            }
        };
    }
}
