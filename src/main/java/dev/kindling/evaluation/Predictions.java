package dev.kindling.evaluation;

import static org.apache.spark.sql.functions.col;

import dev.kindling.data.CachedRdd;
import dev.kindling.data.Example;
import dev.kindling.data.LabelledRows;
import dev.kindling.data.PackedRows;
import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.Block;
import dev.kindling.network.Network;
import dev.kindling.network.Seeds;
import dev.kindling.network.SparseRows;
import dev.kindling.storage.Model;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * The predictions of a model for every row of a data set, computed by Spark tasks in one pass, and kept.
 *
 * <p>Spark predicts a partition again when the executor that had it is lost, and reads its rows again for that: they must be
 * the same, or table, counts and pictures would be of different rows.
 */
public final class Predictions implements AutoCloseable {
    private static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.LongType, false)
            .add("label", DataTypes.IntegerType, false)
            .add("prediction", DataTypes.IntegerType, false)
            .add("probability", DataTypes.FloatType, false);

    /** With a hash of the label and the features that were predicted. */
    private static final StructType WITH_HASH = SCHEMA.add("hash", DataTypes.LongType, false);

    private final JavaRDD<Row> predictions;
    private final LabelledRows rows;
    private final int classes;

    private Predictions(JavaRDD<Row> predictions, LabelledRows rows, int classes) {
        this.predictions = predictions;
        this.rows = rows;
        this.classes = classes;
    }

    /**
     * Predicts a data set, in one Spark job.
     *
     * @throws KindlingException if the rows do not fit the model, or are others than were counted
     */
    public static Predictions of(Model model, LabelledRows rows) {
        Architecture architecture = model.architecture();
        float[] parameters = model.parameters();
        FirstHashes first = new FirstHashes(rows.source());
        JavaRDD<Row> predictions = RowBlocks.mapPartitions(
                        rows,
                        architecture,
                        (partition, blocks) -> first.checked(partition, predict(architecture, parameters, blocks)))
                .setName("predictions for " + rows.source())
                .persist(StorageLevel.MEMORY_AND_DISK());
        try {
            List<long[]> passes = predictions
                    .mapPartitions(partition -> List.of(countAndHash(partition)).iterator())
                    .collect();
            rows.requireAll(passes.stream().mapToLong(pass -> pass[0]).sum());
            first.keep(passes.stream().mapToLong(pass -> pass[1]).toArray());
            return new Predictions(predictions, rows, architecture.classes());
        } catch (RuntimeException e) {
            CachedRdd.free(predictions);
            throw e;
        }
    }

    /** How many rows a partition has, and the sum of their hashes, which no order of the rows changes. */
    private static long[] countAndHash(Iterator<Row> partition) {
        long[] countAndHash = new long[2];
        while (partition.hasNext()) {
            countAndHash[0]++;
            countAndHash[1] += hash(partition.next());
        }
        return countAndHash;
    }

    private static long hash(Row row) {
        return Seeds.mix(row.getLong(0), row.getLong(4));
    }

    /**
     * The hash of each partition as it was predicted first.
     *
     * <p>The function that predicts has this object in it. Spark serialises that function for each job anew, so what the driver
     * puts in after the first job is there in all later ones.
     */
    private static final class FirstHashes implements Serializable {
        private static final long serialVersionUID = 1L;

        private final String source;
        /** Shape (partitions); null until each has been predicted once. */
        private long[] hashes;

        FirstHashes(String source) {
            this.source = source;
        }

        void keep(long... found) {
            hashes = found;
        }

        /** The rows of a partition, which fail at their end if they have been predicted before and were others then. */
        Iterator<Row> checked(int partition, Iterator<Row> rows) {
            if (hashes == null) {
                return rows;
            }
            return new Iterator<>() {
                private long sum;

                @Override
                public boolean hasNext() {
                    boolean more = rows.hasNext();
                    if (!more && sum != hashes[partition]) {
                        throw new KindlingException(
                                source + ": found other rows when it was read again for partition " + partition
                                        + ", which was lost; expected those of the first time, for as long as they are in use");
                    }
                    return more;
                }

                @Override
                public Row next() {
                    Row row = rows.next();
                    sum += hash(row);
                    return row;
                }
            };
        }
    }

    /** Columns id (long), label (int), prediction (int), probability (float, of the prediction). */
    public Dataset<Row> table() {
        return withHash().drop("hash");
    }

    private Dataset<Row> withHash() {
        return rows.rows().sparkSession().createDataFrame(predictions, WITH_HASH);
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
        return withHash()
                .where(col("label").notEqual(col("prediction")))
                .orderBy(col("probability").desc(), col("id"))
                .limit(most)
                .collectAsList()
                .stream()
                .map(row -> new Mistake(row.getLong(0), row.getInt(1), row.getInt(2), row.getFloat(3), row.getLong(4)))
                .toList();
    }

    /**
     * A row that was predicted wrong.
     *
     * @param id its position in the data set
     * @param label its class
     * @param prediction what was predicted
     * @param probability of the prediction, 0 to 1
     * @param hash of the label and the features that were predicted
     */
    public record Mistake(long id, int label, int prediction, float probability, long hash) {}

    /**
     * The rows that were predicted wrong, read again.
     *
     * @return in the order of the mistakes
     * @throws KindlingException if they are others now
     */
    public List<Example> read(List<Mistake> mistakes) {
        Map<Long, Example> found = Example.withIds(
                        rows, mistakes.stream().map(Mistake::id).toList())
                .stream()
                .collect(Collectors.toMap(Example::id, example -> example));
        return mistakes.stream()
                .map(mistake -> {
                    Example example = found.get(mistake.id);
                    SparseRows row = new SparseRows(rows.features());
                    row.add(example.label(), example.features());
                    if (new Block(row).hashes()[0] != mistake.hash) {
                        throw new KindlingException(rows.source() + " row " + mistake.id
                                + ": found another row than was predicted: did it change while it was read?");
                    }
                    return example;
                })
                .toList();
    }

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
                long[] hashes = block.hashes();
                List<Row> rows = new ArrayList<>();
                for (int r = 0; r < block.rows(); r++) {
                    int prediction = network.prediction(r);
                    float probability = probabilities[r * architecture.classes() + prediction];
                    rows.add(RowFactory.create(
                            numbered.ids().get(r), block.label(r), prediction, probability, hashes[r]));
                }
                return rows;
            }
        };
    }
}
