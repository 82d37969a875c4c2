package guest.ml;

import dev.kindling.SparkTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Small tables, as Spark ML's users have them. */
final class Tables {
    static final SparkSession SPARK = SparkTest.session();

    private static final StructType SCHEMA =
            new StructType().add("features", SQLDataTypes.VectorType()).add("label", DataTypes.DoubleType);

    private Tables() {}

    /** Each row is its features and then its label. */
    static Dataset<Row> of(double[]... rows) {
        List<Row> all = new ArrayList<>();
        for (double[] row : rows) {
            double[] features = new double[row.length - 1];
            System.arraycopy(row, 0, features, 0, features.length);
            all.add(RowFactory.create(Vectors.dense(features), row[features.length]));
        }
        return SPARK.createDataFrame(all, SCHEMA);
    }

    static Dataset<Row> xor() {
        return of(new double[] {0, 0, 0}, new double[] {0, 1, 1}, new double[] {1, 0, 1}, new double[] {1, 1, 0});
    }

    /** Three clouds of points around (0, 0, 0), (3, 1, -1) and (6, 2, -2), in turn. */
    static Dataset<Row> clouds(int count) {
        Random random = new Random(5);
        double[][] rows = new double[count][];
        for (int k = 0; k < count; k++) {
            int label = k % 3;
            rows[k] = new double[] {
                3 * label + random.nextGaussian(), label + random.nextGaussian(), -label + random.nextGaussian(), label
            };
        }
        return of(rows);
    }

    /** A curve with a little noise: x0 and x1 to 10 + 3 sin(x0) + x1. */
    static Dataset<Row> curve(int count) {
        Random random = new Random(6);
        double[][] rows = new double[count][];
        for (int k = 0; k < count; k++) {
            double x = 4 * random.nextDouble() - 2;
            double y = random.nextGaussian();
            rows[k] = new double[] {x, y, 10 + 3 * Math.sin(x) + y + 0.05 * random.nextGaussian()};
        }
        return of(rows);
    }
}
