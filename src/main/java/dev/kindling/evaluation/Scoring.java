package dev.kindling.evaluation;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;

import dev.kindling.data.tables.FeatureColumns;
import dev.kindling.data.tables.Missing;
import dev.kindling.error.KindlingException;
import dev.kindling.network.RowPredictor;
import dev.kindling.storage.Inputs;
import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.encoders.AgnosticEncoder;
import org.apache.spark.sql.catalyst.encoders.AgnosticEncoders;
import org.apache.spark.sql.expressions.SparkUserDefinedFunction;
import org.apache.spark.sql.expressions.SparkUserDefinedFunction$;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;
import scala.runtime.AbstractFunction3;

/**
 * A model as a column of a query: the outputs of its network for each row, as an array of floats. It takes part in the query like
 * any function, so it works on streams too. The model goes to each executor once.
 *
 * <p>Features come to it as Java arrays of numbers. Functions that Spark makes of Java lambdas get an object for each number.
 */
public final class Scoring {
    private static final AgnosticEncoder<?> DOUBLES =
            new AgnosticEncoders.ArrayEncoder<>(AgnosticEncoders.PrimitiveDoubleEncoder$.MODULE$, false);

    private static final AgnosticEncoder<?> DOUBLES_OR_NULL =
            new AgnosticEncoders.ArrayEncoder<>(AgnosticEncoders.BoxedDoubleEncoder$.MODULE$, true);

    private static final AgnosticEncoder<?> INTS =
            new AgnosticEncoders.ArrayEncoder<>(AgnosticEncoders.PrimitiveIntEncoder$.MODULE$, false);

    @SuppressWarnings("unchecked") // Scala says Object of an array of primitives
    private static final AgnosticEncoder<float[]> FLOATS = (AgnosticEncoder<float[]>) (AgnosticEncoder<?>)
            new AgnosticEncoders.ArrayEncoder<>(AgnosticEncoders.PrimitiveFloatEncoder$.MODULE$, false);

    private final Inputs inputs;
    private final Broadcast<RowPredictor> predictor;

    /**
     * @param inputs what the model takes
     * @param predictor its network
     */
    public Scoring(SparkSession spark, Inputs inputs, RowPredictor predictor) {
        this.inputs = inputs;
        this.predictor = JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(predictor);
    }

    /**
     * The outputs of the network for the rows of a DataFrame: an array of floats, or null where something is missing.
     *
     * @param schema of the rows, which have the columns of the model
     * @param missing whether it is an error if something is null, NaN or infinite
     * @throws KindlingException if a column is missing, or of a type that gives no such features
     */
    public Column outputs(StructType schema, Missing missing) {
        return read(schema, missing, RowPredictor::predict, FLOATS);
    }

    /**
     * What a network says of a row.
     *
     * @param <R> in which form
     */
    @FunctionalInterface
    public interface Reading<R> extends Serializable {
        /**
         * What it says.
         *
         * @param row shape (inputs), finite
         */
        R of(RowPredictor network, double... row);
    }

    /**
     * The same in another form.
     *
     * @param reading of each row, on the executors
     * @param result how Spark stores that
     */
    public <R> Column read(StructType schema, Missing missing, Reading<R> reading, AgnosticEncoder<R> result) {
        FeatureColumns columns = FeatureColumns.of(schema, inputs, "the rows");
        Scorer<R> scorer = new Scorer<>(predictor, inputs, missing, reading);
        List<Column> given = columns.select();
        return switch (columns.form()) {
            case COLUMNS ->
                function(result, new OfDoubles<>(scorer), DOUBLES)
                        .apply(array(given.stream()
                                .map(column -> coalesce(column, lit(Double.NaN)))
                                .toArray(Column[]::new)));
            case ARRAY ->
                columns.mayBeNull()
                        ? function(result, new OfDoublesOrNull<>(scorer), DOUBLES_OR_NULL)
                                .apply(given.get(0))
                        : function(result, new OfDoubles<>(scorer), DOUBLES).apply(given.get(0));
            case VECTOR -> {
                Column vector = given.get(0);
                yield function(result, new OfVector<>(scorer), AgnosticEncoders.BoxedIntEncoder$.MODULE$, INTS, DOUBLES)
                        .apply(vector.getField("size"), vector.getField("indices"), vector.getField("values"));
            }
            case BYTES ->
                function(result, new OfBytes<>(scorer), AgnosticEncoders.BinaryEncoder$.MODULE$)
                        .apply(given.get(0));
        };
    }

    private static SparkUserDefinedFunction function(
            AgnosticEncoder<?> result, Object function, AgnosticEncoder<?>... arguments) {
        return SparkUserDefinedFunction$.MODULE$
                .apply(
                        function,
                        CollectionConverters.asScala(List.of(arguments)).toSeq(),
                        result)
                .withName("kindling");
    }

    /** Predicts a row that has come as doubles. */
    private static final class Scorer<R> implements Serializable {
        private static final long serialVersionUID = 1L;
        /** How many features a message shows. */
        private static final int SHOWN = 10;

        private final Broadcast<RowPredictor> predictor;
        private final Inputs inputs;
        private final Missing missing;
        private final Reading<R> reading;

        Scorer(Broadcast<RowPredictor> predictor, Inputs inputs, Missing missing, Reading<R> reading) {
            this.predictor = predictor;
            this.inputs = inputs;
            this.missing = missing;
            this.reading = reading;
        }

        R score(double[] row) {
            RowPredictor network = predictor.value();
            if (row == null) {
                return missing("found null in column " + inputs.columns().get(0) + ", expected features");
            }
            if (row.length != network.inputs()) {
                throw new KindlingException("the rows: found " + row.length + " features in "
                        + String.join(", ", inputs.columns()) + ", expected " + network.inputs());
            }
            for (int k = 0; k < row.length; k++) {
                if (!Double.isFinite(row[k])) {
                    return missing("found " + (Double.isNaN(row[k]) ? "null or NaN" : row[k]) + " in column "
                            + inputs.name(k) + ", expected a finite number, in the row " + text(row));
                }
            }
            return reading.of(network, row);
        }

        private R missing(String what) {
            if (missing == Missing.ERROR) {
                throw new KindlingException("the rows: " + what);
            }
            return null;
        }

        private String text(double[] row) {
            return IntStream.range(0, Math.min(SHOWN, row.length))
                            .mapToObj(k -> inputs.name(k) + " " + row[k])
                            .collect(Collectors.joining(", "))
                    + (row.length > SHOWN ? ", ..." : "");
        }
    }

    private static final class OfDoubles<R> extends AbstractFunction1<double[], R> implements Serializable {
        private static final long serialVersionUID = 1L;
        private final Scorer<R> scorer;

        OfDoubles(Scorer<R> scorer) {
            this.scorer = scorer;
        }

        @Override
        public R apply(double[] row) {
            return scorer.score(row);
        }
    }

    private static final class OfDoublesOrNull<R> extends AbstractFunction1<Double[], R> implements Serializable {
        private static final long serialVersionUID = 1L;
        private final Scorer<R> scorer;

        OfDoublesOrNull(Scorer<R> scorer) {
            this.scorer = scorer;
        }

        @Override
        public R apply(Double[] row) {
            double[] values = row == null ? null : new double[row.length];
            for (int k = 0; values != null && k < values.length; k++) {
                values[k] = row[k] == null ? Double.NaN : row[k];
            }
            return scorer.score(values);
        }
    }

    /** Of the fields of a vector of Spark ML; a dense one has neither size nor indices. */
    private static final class OfVector<R> extends AbstractFunction3<Integer, int[], double[], R>
            implements Serializable {
        private static final long serialVersionUID = 1L;
        private final Scorer<R> scorer;

        OfVector(Scorer<R> scorer) {
            this.scorer = scorer;
        }

        @Override
        public R apply(Integer size, int[] indices, double[] values) {
            if (size == null) {
                return scorer.score(values);
            }
            double[] row = new double[size];
            for (int k = 0; k < values.length; k++) {
                row[indices[k]] = values[k];
            }
            return scorer.score(row);
        }
    }

    private static final class OfBytes<R> extends AbstractFunction1<byte[], R> implements Serializable {
        private static final long serialVersionUID = 1L;
        private final Scorer<R> scorer;

        OfBytes(Scorer<R> scorer) {
            this.scorer = scorer;
        }

        @Override
        public R apply(byte[] pixels) {
            double[] row = pixels == null ? null : new double[pixels.length];
            for (int k = 0; row != null && k < row.length; k++) {
                row[k] = pixels[k] & 0xff;
            }
            return scorer.score(row);
        }
    }
}
