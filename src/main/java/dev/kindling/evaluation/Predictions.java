package dev.kindling.evaluation;

import static org.apache.spark.sql.functions.col;

import dev.kindling.data.CachedRdd;
import dev.kindling.data.LabelledRows;
import dev.kindling.data.PackedRows;
import dev.kindling.network.Architecture;
import dev.kindling.network.Block;
import dev.kindling.network.Network;
import dev.kindling.storage.Model;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/** The predictions of a model for every row of a data set, computed by Spark tasks. */
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
     * Predicts a data set. The work is done when the first result is asked for, and is kept.
     *
     * @throws dev.kindling.error.KindlingException if the rows do not fit the model
     */
    public static Predictions of(Model model, LabelledRows rows) {
        Architecture architecture = model.architecture();
        float[] parameters = model.parameters();
        JavaRDD<Row> predictions = RowBlocks.mapPartitions(
                        rows, architecture, blocks -> predict(architecture, parameters, blocks))
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
        // What tasks give is mapped here: Kryo, if that is the serialiser, knows no records.
        List<ConfusionMatrix.Cell> cells = predictions
                .mapToPair(row -> new Tuple2<>(new Tuple2<>(row.getInt(1), row.getInt(2)), 1L))
                .reduceByKey(Long::sum)
                .collect()
                .stream()
                .map(counted -> new ConfusionMatrix.Cell(counted._1._1, counted._1._2, counted._2))
                .toList();
        rows.requireAll(cells.stream().mapToLong(ConfusionMatrix.Cell::rows).sum());
        return new ConfusionMatrix(classes, cells);
    }

    /**
     * The rows that were predicted wrong with the highest probability, found by a Spark job in which each partition
     * gives its own first few.
     *
     * @param most how many at most
     * @return the most confident first, of equals the lower id
     */
    public List<Mistake> worstMistakes(int most) {
        return table()
                .where(col("label").notEqual(col("prediction")))
                .orderBy(col("probability").desc(), col("id"))
                .limit(most)
                .collectAsList()
                .stream()
                .map(row -> new Mistake(row.getLong(0), row.getInt(1), row.getInt(2), row.getFloat(3)))
                .toList();
    }

    /**
     * A row that was predicted wrong.
     *
     * @param id its position in the data set
     * @param label its class
     * @param prediction what was predicted
     * @param probability of the prediction, 0 to 1
     */
    public record Mistake(long id, int label, int prediction, float probability) {}

    /** Frees the executors' memory. */
    @Override
    public void close() {
        CachedRdd.free(predictions);
    }

    private static Iterator<Row> predict(
            Architecture architecture, float[] parameters, Iterator<RowBlocks.NumberedBlock> blocks) {
        Network network = new Network(architecture, parameters, PackedRows.BLOCK_ROWS);
        return new Iterator<>() {
            private Iterator<Row> ready = List.<Row>of().iterator();

            @Override
            public boolean hasNext() {
                return ready.hasNext() || blocks.hasNext();
            }

            @Override
            public Row next() {
                if (!ready.hasNext()) {
                    ready = predict(blocks.next()).iterator();
                }
                return ready.next();
            }

            private List<Row> predict(RowBlocks.NumberedBlock numbered) {
                Block block = numbered.block();
                float[] probabilities = network.predict(block);
                List<Row> rows = new ArrayList<>();
                for (int r = 0; r < block.rows(); r++) {
                    int prediction = network.prediction(r);
                    float probability = probabilities[r * architecture.classes() + prediction];
                    rows.add(RowFactory.create(numbered.ids().get(r), block.label(r), prediction, probability));
                }
                return rows;
            }
        };
    }
}
