package guest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.udf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.Classifier;
import dev.kindling.ClassifierModel;
import dev.kindling.SparkTest;
import dev.kindling.data.tables.Missing;
import dev.kindling.error.KindlingException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF4;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.UserDefinedType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Features as Spark ML has them, in vectors that are dense or sparse. Its own vectors cannot be made without Breeze, so these have
 * the name of its type and its fields.
 */
class VectorsTest {
    private static final SparkSession SPARK = SparkTest.session();

    /** Three numbers to a vector; of how it is stored says the text. */
    private static final UserDefinedFunction VECTOR =
            udf((UDF4<String, Double, Double, Double, Vector>) VectorsTest::vector, new VectorUDT());

    private static Vector vector(String kind, double a, double b, double c) {
        Vector dense = new Vector(null, null, new double[] {a, b, c});
        return switch (kind) {
            case "dense" -> dense;
            case "sparse" -> sparse(a, b, c);
            case "zeros" -> new Vector(3, new int[] {0, 1, 2}, new double[] {a, b, c});
            case "mixed" -> a > 2 ? dense : sparse(a, b, c);
            case "short" -> a > 3 ? new Vector(null, null, new double[] {a, b}) : dense;
            case "null" -> a > 3 ? null : dense;
            case "nan" -> a > 3 ? new Vector(3, new int[] {1}, new double[] {Double.NaN}) : dense;
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private static Vector sparse(double... values) {
        int[] indices =
                IntStream.range(0, values.length).filter(k -> values[k] != 0).toArray();
        return new Vector(
                values.length,
                indices,
                Arrays.stream(indices).mapToDouble(k -> values[k]).toArray());
    }

    /** Without size and indices if it is dense. */
    record Vector(Integer size, int[] indices, double[] values) implements Serializable {}

    /** Its name makes that of the type: vector. */
    static final class VectorUDT extends UserDefinedType<Vector> {
        private static final long serialVersionUID = 1L;

        @Override
        public DataType sqlType() {
            return new StructType()
                    .add("type", DataTypes.ByteType, false)
                    .add("size", DataTypes.IntegerType, true)
                    .add("indices", DataTypes.createArrayType(DataTypes.IntegerType, false), true)
                    .add("values", DataTypes.createArrayType(DataTypes.DoubleType, false), true);
        }

        @Override
        public Object serialize(Vector vector) {
            boolean isDense = vector.size == null;
            return new GenericInternalRow(new Object[] {
                (byte) (isDense ? 1 : 0),
                vector.size,
                isDense ? null : UnsafeArrayData.fromPrimitiveArray(vector.indices),
                UnsafeArrayData.fromPrimitiveArray(vector.values)
            });
        }

        @Override
        public Vector deserialize(Object datum) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Class<Vector> userClass() {
            return Vector.class;
        }
    }

    private static Dataset<Row> columns() {
        return SPARK.range(200)
                .selectExpr(
                        "cast(id % 5 as double) as a",
                        "cast(id % 3 as double) as b", "if(id % 4 = 0, 0.5D, 0D) as c", "id % 2 as label");
    }

    private static Dataset<Row> vectors(String kind) {
        return columns()
                .select(
                        VECTOR.apply(expr("'" + kind + "'"), col("a"), col("b"), col("c"))
                                .as("features"),
                        col("label"));
    }

    private static Classifier quick() {
        return new Classifier().hiddenLayers(8).recipe(recipe -> recipe.iterations(20));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dense", "sparse", "zeros", "mixed"})
    void aVectorIsAsGoodAsColumns(String kind, @TempDir Path directory) {
        ClassifierModel ofColumns = quick().fit(columns());
        ClassifierModel model = quick().fit(vectors(kind));
        assertThat(model.digest()).isEqualTo(ofColumns.digest());
        assertThat(model.inputs()).containsExactly("features");
        String path = directory.resolve("model").toString();
        model.save(path);
        Dataset<Row> predicted =
                ClassifierModel.load(SPARK, path).transform(vectors(kind)).select("label", "probability", "prediction");
        Dataset<Row> expected = ofColumns.transform(columns()).select("label", "probability", "prediction");
        assertThat(predicted.collectAsList()).isEqualTo(expected.collectAsList());
    }

    @Test
    void whatIsMissingIsAnErrorOrLeftOutOrPredictedAsNull() {
        long missing = columns().where("a > 3").count();
        for (String kind : new String[] {"null", "nan"}) {
            String what = kind.equals("null")
                    ? "found null in column features, expected features"
                    : "found null or NaN in column features[1], expected a finite number";
            assertThatThrownBy(() -> quick().fit(vectors(kind)))
                    .isInstanceOf(KindlingException.class)
                    .hasMessageStartingWith("the DataFrame: " + what);
            ClassifierModel model = quick().missing(Missing.SKIP).fit(vectors(kind));
            assertThat(model.digest())
                    .isEqualTo(quick().fit(vectors("null").where("features is not null"))
                            .digest());
            assertThatThrownBy(() -> model.transform(vectors(kind)).collect())
                    .hasStackTraceContaining("the rows: " + what);
            assertThat(model.transform(vectors(kind), Missing.SKIP).count()).isEqualTo(200 - missing);
            assertThat(model.transform(vectors(kind), Missing.KEEP)
                            .where("prediction is null and probability is null")
                            .count())
                    .isEqualTo(missing);
        }
    }

    @Test
    void vectorsOfAnotherLengthAreRefused() {
        assertThatThrownBy(() -> quick().fit(vectors("short")))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("features, expected");
        ClassifierModel model = quick().fit(vectors("dense"));
        assertThatThrownBy(() -> model.transform(vectors("short")).collect())
                .hasStackTraceContaining("the rows: found 2 features in features, expected 3");
        assertThatThrownBy(() -> model.transform(columns()))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("expected one called features");
    }
}
